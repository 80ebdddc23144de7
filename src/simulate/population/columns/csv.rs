//! CSV sorted by its cells.

use super::super::super::engine::Job;
use super::super::blank_lines::blank_lines;
use super::super::csv_rows::{Fields, Row};
use super::super::intake::BlockIntake;
use super::super::layout::Layout;
use super::many::{Sorted, Work};
use super::plain::{each_row, is_plain};
use super::sorter::Sorter;
use super::sorting::Sorting;

impl Layout {
    /// Reads a block of rows, as [`Layout::read`] does one by one.
    pub(in super::super) fn read_sorted<J: Job>(
        &self,
        block: &[u8],
        Sorted { sorting, sorter, .. }: &mut Sorted<'_, J::Kind>,
        work: &mut Work<'_, J>,
    ) -> BlockIntake {
        // Cells that are read with every row are none that can be left out.
        let every_cell = !self.typed.is_empty() || self.metadata.is_some();
        let text = if every_cell || !is_plain(block) { None } else { simdutf8::basic::from_utf8(block).ok() };
        let intake = match text {
            Some(text) => self.read_plain(text, sorting, sorter, work),
            None => self.read_records(block, sorting, sorter, work),
        };
        let job = work.job;
        job.examples_again(work.worker, work.out, |worker, out| {
            self.read(block, job, worker, out);
        });
        intake
    }

    fn read_plain<J: Job>(
        &self,
        text: &str,
        sorting: &Sorting<'_>,
        sorter: &mut Sorter<J::Kind>,
        work: &mut Work<'_, J>,
    ) -> BlockIntake {
        let mut intake = BlockIntake::default();
        let (lines, blank) = each_row(text, self.width, sorting.engine, |line, row| match row {
            Ok(fields) => {
                let row = Row { layout: self, fields: &fields, typed: &[], metadata: &[] };
                let id = fields.field(self.id).unwrap_or_default();
                let start = fields.start(self.id);
                intake.row(id);
                sorter.take(sorting, work, (text, start, start + id.len()), &row);
            }
            Err(count) => intake.wrong(line, || self.other_width(count)),
        });
        sorter.finish(sorting, work, text);
        (intake.lines, intake.blank) = (lines, blank);
        intake
    }

    fn read_records<J: Job>(
        &self,
        block: &[u8],
        sorting: &Sorting<'_>,
        sorter: &mut Sorter<J::Kind>,
        work: &mut Work<'_, J>,
    ) -> BlockIntake {
        let mut text = std::mem::take(&mut sorter.text);
        text.clear();
        let mut intake = self.each(block, |id, row| {
            if sorter.is_full() {
                sorter.settle(sorting, work, &text);
                text.clear();
            }
            let start = text.len();
            text.push_str(id);
            sorter.take(sorting, work, (&text, start, text.len()), row);
        });
        sorter.finish(sorting, work, &text);
        sorter.text = text;
        intake.blank = blank_lines(block);
        intake
    }
}
