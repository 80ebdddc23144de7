#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| ffctl_fuzz::headers(data));
