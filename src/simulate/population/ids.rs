//! Lists of ids, one a line.

use super::super::engine::Job;
use super::intake::BlockIntake;

/// Returns where the id of the line between two places ends; none if the line is blank.
pub(super) fn id_end(block: &[u8], start: usize, end: usize) -> Option<usize> {
    let cut = if end > start && block[end - 1] == b'\r' { end - 1 } else { end };
    (!block[start..cut].trim_ascii().is_empty()).then_some(cut)
}

/// Reads a block of lines.
pub(super) fn read<J: Job>(block: &[u8], job: &J, worker: &mut J::Worker, out: &mut J::Out) -> BlockIntake {
    let mut intake = BlockIntake::default();
    let text = simdutf8::basic::from_utf8(block).ok();
    let mut start = 0;
    while start < block.len() {
        let found = memchr::memchr(b'\n', &block[start..]);
        let end = found.map_or(block.len(), |at| start + at);
        if let Some(cut) = id_end(block, start, end) {
            let id = match text {
                Some(text) => Ok(&text[start..cut]),
                None => std::str::from_utf8(&block[start..cut]),
            };
            if let Ok(id) = id {
                intake.row(id);
                job.row(worker, out, id, id);
            } else {
                intake.wrong(intake.lines, || "not UTF-8".to_owned());
            }
        } else {
            intake.blank += 1;
        }
        intake.lines += u64::from(found.is_some());
        start = end + 1;
    }
    intake
}
