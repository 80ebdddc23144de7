//! Lists of ids, one a line.

use super::super::engine::Job;
use super::intake::BlockIntake;

/// Reads a block of lines.
pub(super) fn read<J: Job>(block: &[u8], job: &J, worker: &mut J::Worker, out: &mut J::Out) -> BlockIntake {
    let mut intake = BlockIntake::default();
    let text = std::str::from_utf8(block).ok();
    let mut start = 0;
    while start < block.len() {
        let found = memchr::memchr(b'\n', &block[start..]);
        let end = found.map_or(block.len(), |at| start + at);
        let cut = if end > start && block[end - 1] == b'\r' { end - 1 } else { end };
        let line = &block[start..cut];
        let id = match text {
            Some(text) => Ok(&text[start..cut]),
            None => std::str::from_utf8(line),
        };
        if line.trim_ascii().is_empty() {
            intake.blank += 1;
        } else if let Ok(id) = id {
            intake.row(id);
            job.row(worker, out, id, id);
        } else {
            intake.wrong(intake.lines, || "not UTF-8".to_owned());
        }
        intake.lines += u64::from(found.is_some());
        start = end + 1;
    }
    intake
}
