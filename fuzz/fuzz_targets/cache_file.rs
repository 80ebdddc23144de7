#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| ffctl_fuzz::cache_file(data));
