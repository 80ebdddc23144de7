//! Ids sorted by themselves, where more is asked of them than what they draw.

use std::ops::Range;

use crate::bucket::bulk::each_line;
use crate::eval::{AttributeId, Input, Subject, ValueRef};
use crate::model::ContextKind;

use super::super::super::engine::Job;
use super::super::ids;
use super::super::intake::BlockIntake;
use super::super::synthetic::SyntheticId;
use super::many::{Sorted, Work};
use super::sorting::{Asked, Cell, Place, Sorting};

/// A user with an id and nothing else.
struct IdRow<'a>(&'a str);

impl Subject for IdRow<'_> {
    fn key(&self, kind: &ContextKind) -> Option<&str> {
        self.0.key(kind)
    }

    fn attribute(&self, id: AttributeId, kind: &ContextKind, name: &str) -> Option<ValueRef<'_>> {
        self.0.attribute(id, kind, name)
    }
}

impl Cell for IdRow<'_> {
    #[inline]
    fn cell(&self, _: usize) -> &str {
        self.0
    }

    fn is_missing(cell: &str) -> bool {
        cell.is_empty()
    }
}

/// Returns how ids are sorted; none where that cannot be.
pub(in super::super) fn sorting_of_ids(asked: Asked<'_>) -> Option<Sorting<'_>> {
    Sorting::new(asked, |input| match input {
        Input::Key(kind) if kind.is_user() => Place::Column(0),
        Input::Key(_) | Input::Attribute(_) => Place::Absent,
    })
}

/// Reads a block of lines, as [`ids::read`] does one by one.
pub(in super::super) fn read_ids<J: Job>(
    text: &str,
    Sorted { sorting, sorter, .. }: &mut Sorted<'_, J::Kind>,
    work: &mut Work<'_, J>,
) -> BlockIntake {
    let mut intake = BlockIntake::default();
    let bytes = text.as_bytes();
    intake.lines = each_line(bytes, sorting.engine, |start, end| {
        let Some(cut) = ids::id_end(bytes, start, end) else {
            intake.blank += 1;
            return;
        };
        let id = &text[start..cut];
        intake.row(id);
        sorter.take(sorting, work, (text, start, cut), &IdRow(id));
    });
    sorter.finish(sorting, work, text);
    let job = work.job;
    job.examples_again(work.worker, work.out, |worker, out| {
        ids::read(bytes, job, worker, out);
    });
    intake
}

/// Makes users up, as [`super::super::synthetic_id`] does.
pub(in super::super) fn make_up_ids<J: Job>(
    (seed, numbers): (u64, Range<u64>),
    Sorted { sorting, sorter, .. }: &mut Sorted<'_, J::Kind>,
    work: &mut Work<'_, J>,
) -> BlockIntake {
    let mut text = std::mem::take(&mut sorter.text);
    text.clear();
    for number in numbers.clone() {
        if sorter.is_full() {
            sorter.settle(sorting, work, &text);
            text.clear();
        }
        let (id, start) = (SyntheticId::new(seed, number), text.len());
        text.push_str(id.as_str());
        sorter.take(sorting, work, (&text, start, text.len()), &IdRow(id.as_str()));
    }
    sorter.finish(sorting, work, &text);
    sorter.text = text;
    let job = work.job;
    job.examples_again(work.worker, work.out, |worker, out| {
        for number in numbers.clone() {
            let id = SyntheticId::new(seed, number);
            job.row(worker, out, id.as_str(), id.as_str());
        }
    });
    BlockIntake { rows: numbers.end - numbers.start, ..BlockIntake::default() }
}
