//! Rows that are served alike, found by their cells and counted together.

use std::collections::HashMap;

use crate::bucket::bulk::Batch;
use crate::eval::{Question, Run, Scratch};
use crate::model::Timestamp;

use super::super::super::engine::Job;
use super::super::super::group::label;
use super::super::super::quick::Quick;
use super::super::bulk::Memory;
use super::ages::Ages;
use super::groups::Groups;
use super::many::Work;
use super::memo::Memo;
use super::pairs::Pairs;
use super::sorting::{Cell, Sorting, Source};

/// What a thread keeps from block to block.
pub(crate) struct Sorter<K> {
    bulk: Memory,
    columns: Vec<ColumnMemory>,
    /// Rows of one sort answer all questions alike: a sort for each pair of the sort by the columns so far, and of
    /// what the next column answers.
    pairs: Vec<Pairs>,
    /// What the users of each cell come to, sort by sort.
    outcomes: Vec<u32>,
    /// What that is, each once.
    kinds: Vec<K>,
    /// Whether the job takes the ids of those.
    taken: Vec<bool>,
    counts: Vec<u64>,
    /// One for each of what is grouped by.
    groupings: Vec<Grouping>,
    scratch: Scratch,
    /// The sort of each row of the batch.
    rows: Vec<u32>,
    /// Room for ids that do not stand in a block as they are.
    pub(super) text: String,
}

impl<K> Default for Sorter<K> {
    fn default() -> Self {
        Self {
            bulk: Memory::default(),
            columns: Vec::new(),
            pairs: Vec::new(),
            outcomes: Vec::new(),
            kinds: Vec::new(),
            taken: Vec::new(),
            counts: Vec::new(),
            groupings: Vec::new(),
            scratch: Scratch::default(),
            rows: Vec::with_capacity(Batch::SIZE),
            text: String::new(),
        }
    }
}

/// Rows by the values of an attribute.
#[derive(Default)]
struct Grouping {
    /// Which group the cell of a row belongs to.
    memo: [Memo; 2],
    groups: Groups,
    /// The group of each row of the batch.
    rows: Vec<u32>,
}

/// What a thread knows of a column.
#[derive(Default)]
struct ColumnMemory {
    memo: [Memo; 2],
    /// A number for all that a cell answers.
    numbers: HashMap<Box<[u8]>, u32, Quick>,
    /// The same where answers change as time passes, for all that it answers now and the class of its age.
    aged: HashMap<Box<[u8]>, u32, Quick>,
    answers: Vec<u8>,
}

impl ColumnMemory {
    /// Returns the number of what a cell answers; none if there are too many.
    #[inline]
    fn number<R: Cell>(
        &mut self,
        sorting: &Sorting<'_>,
        (source, questions): &(Source, Vec<Question<'_>>),
        row: &R,
    ) -> Option<u32> {
        let Self { memo, numbers, aged, answers } = self;
        let (which, column) = source.column(row);
        memo[which].number(row, column, || {
            answers.clear();
            for question in questions {
                question.answer(row, sorting.asked.now, answers);
            }
            if let Some(ages) = &sorting.ages {
                let mut since = questions.iter().filter(|question| question.is_of_time());
                if let Some(since) = since.find_map(|question| question.since(row)) {
                    return number_over_time(
                        (ages, since),
                        (sorting, questions, row),
                        (numbers, aged),
                        answers,
                    );
                }
            }
            number_of(numbers, answers)
        })
    }
}

/// Returns the number of these answers; none if there are too many.
#[inline]
fn number_of(numbers: &mut HashMap<Box<[u8]>, u32, Quick>, answers: &[u8]) -> Option<u32> {
    if let Some(number) = numbers.get(answers) {
        return Some(*number);
    }
    let number = u32::try_from(numbers.len()).ok().filter(|number| (*number as usize) < MOST)?;
    numbers.insert(answers.into(), number);
    Some(number)
}

/// A table of numbers, and the one for classes of ages.
type Numbers<'a> = (&'a mut HashMap<Box<[u8]>, u32, Quick>, &'a mut HashMap<Box<[u8]>, u32, Quick>);

/// Returns the number of what a cell answers at all times, where `answers` are those of now.
fn number_over_time<R: Cell>(
    (ages, since): (&Ages, Timestamp),
    (sorting, questions, row): (&Sorting<'_>, &[Question<'_>], &R),
    (numbers, aged): Numbers<'_>,
    answers: &mut Vec<u8>,
) -> Option<u32> {
    let now = answers.len();
    let class = ages.class(since).map(|class| {
        answers.extend_from_slice(&class);
        Box::from(answers.as_slice())
    });
    if let Some(number) = class.as_ref().and_then(|class| aged.get(class)) {
        return Some(*number);
    }
    answers.truncate(now);
    for at in sorting.asked.times {
        for question in questions.iter().filter(|question| question.is_of_time()) {
            question.answer(row, *at, answers);
        }
    }
    let number = number_of(numbers, answers)?;
    if let Some(class) = class.filter(|_| aged.len() < MOST) {
        aged.insert(class, number);
    }
    Some(number)
}

/// The most sorts, and the most outcomes of all of them: rows beyond are evaluated one by one.
const MOST: usize = 1 << 14;

impl<K: PartialEq> Sorter<K> {
    /// Takes a row; its id stands in the text from `start` to `end`.
    #[inline]
    pub(super) fn take<J: Job<Kind = K>, R: Cell>(
        &mut self,
        sorting: &Sorting<'_>,
        work: &mut Work<'_, J>,
        (text, start, end): (&str, usize, usize),
        row: &R,
    ) {
        if self.rows.len() == Batch::SIZE {
            self.settle(sorting, work, text);
        }
        let id = text.as_bytes().get(start..end).unwrap_or_default();
        let sort = if id.is_empty() || sorting.bulk.lists(id) { None } else { self.sort(sorting, work, row) };
        match sort {
            Some(sort) if self.bulk.push(start, end) => {
                self.rows.push(sort);
                self.group(sorting, row);
            }
            _ => self.alone(sorting, work, (text, &text[start..end]), row),
        }
    }

    /// Evaluates a row by itself.
    #[cold]
    fn alone<J: Job<Kind = K>, R: Cell>(
        &mut self,
        sorting: &Sorting<'_>,
        work: &mut Work<'_, J>,
        (text, id): (&str, &str),
        row: &R,
    ) {
        self.let_pass(sorting, work, text);
        work.job.row(work.worker, work.out, id, row);
    }

    /// Prepares for a row that is evaluated by itself: groups are told in the order of their first rows, and ids in
    /// the order of all.
    pub(super) fn let_pass<J: Job<Kind = K>>(
        &mut self,
        sorting: &Sorting<'_>,
        work: &mut Work<'_, J>,
        text: &str,
    ) {
        if !sorting.grouped.is_empty() {
            self.finish(sorting, work, text);
        } else if work.job.takes() {
            self.settle(sorting, work, text);
        }
    }

    /// Returns the sort of a row; none if there are too many.
    #[inline]
    fn sort<J: Job<Kind = K>, R: Cell>(
        &mut self,
        sorting: &Sorting<'_>,
        work: &mut Work<'_, J>,
        row: &R,
    ) -> Option<u32> {
        if self.columns.len() < sorting.columns.len() {
            self.columns.resize_with(sorting.columns.len(), ColumnMemory::default);
            self.pairs.resize_with(sorting.columns.len(), Pairs::default);
        }
        let mut sort = 0;
        for (level, column) in sorting.columns.iter().enumerate() {
            let number = self.columns[level].number(sorting, column, row)?;
            sort = if level == 0 { number } else { self.pairs[level].number(sort, number, MOST)? };
        }
        if sort as usize * sorting.asked.cells.count() >= self.outcomes.len() {
            self.learn(sort, sorting, work, row)?;
        }
        Some(sort)
    }

    /// Finds out what rows of a new sort come to.
    #[cold]
    fn learn<J: Job<Kind = K>, R: Cell>(
        &mut self,
        sort: u32,
        sorting: &Sorting<'_>,
        work: &mut Work<'_, J>,
        row: &R,
    ) -> Option<()> {
        let cells = sorting.asked.cells.count();
        if sort as usize * cells != self.outcomes.len() || self.outcomes.len() + cells > 4 * MOST {
            return None;
        }
        for cell in 0..cells {
            let run: Run<'_, R> = sorting.start(cell, row, &mut self.scratch);
            let kind = work.job.kind(run);
            let at = self.kinds.iter().position(|known| *known == kind).unwrap_or_else(|| {
                self.taken.push(work.job.is_taken(&kind));
                self.kinds.push(kind);
                self.kinds.len() - 1
            });
            self.outcomes.push(u32::try_from(at).unwrap_or(u32::MAX));
        }
        self.counts.resize(self.kinds.len(), 0);
        self.groupings.resize_with(sorting.grouped.len(), Grouping::default);
        for grouping in &mut self.groupings {
            grouping.groups.make_room(self.kinds.len());
        }
        Some(())
    }

    /// Finds the groups of a row.
    #[inline]
    fn group<R: Cell>(&mut self, sorting: &Sorting<'_>, row: &R) {
        let Self { groupings, scratch, .. } = self;
        for ((attribute, source), Grouping { memo, groups, rows }) in sorting.grouped.iter().zip(groupings) {
            let mut number = || {
                let value = sorting.start(0, row, scratch).attribute(*attribute);
                Some(groups.number(value.map(label).as_deref()))
            };
            let number = match source.map(|source| source.column(row)) {
                Some((which, column)) => memo[which].number(row, column, number),
                None => number(),
            };
            rows.push(number.unwrap_or_default());
        }
    }

    /// Tells whether the next row comes after all that are held have been counted.
    pub(super) fn is_full(&self) -> bool {
        self.rows.len() == Batch::SIZE
    }

    /// Counts the rows that are held; `text` is the one that their ids stand in.
    pub(super) fn settle<J: Job<Kind = K>>(
        &mut self,
        sorting: &Sorting<'_>,
        work: &mut Work<'_, J>,
        text: &str,
    ) {
        let Self { bulk, outcomes, taken, counts, groupings, rows, .. } = self;
        let width = sorting.asked.cells.count();
        let cells = sorting.bulk.cells(text, bulk);
        for (row, cell) in rows.iter_mut().zip(cells) {
            // What a row comes to takes the place of its sort.
            *row = outcomes[*row as usize * width + usize::from(*cell)];
            counts[*row as usize] += 1;
        }
        if work.job.takes() {
            for (row, (start, end)) in rows.iter().zip(bulk.places()) {
                if taken[*row as usize] {
                    work.job.take(work.out, &text[start..end]);
                }
            }
        }
        let mut full = false;
        for Grouping { groups, rows: of_group, .. } in groupings {
            for (group, outcome) in of_group.drain(..).zip(rows.iter()) {
                groups.add(group, *outcome);
            }
            full |= groups.is_full();
        }
        bulk.clear();
        rows.clear();
        if full {
            self.hand_over_groups(sorting, work);
            for Grouping { groups, memo, .. } in &mut self.groupings {
                groups.clear();
                memo.iter_mut().for_each(Memo::clear);
            }
        }
    }

    /// Counts the rows that are held, and hands all counts over.
    pub(super) fn finish<J: Job<Kind = K>>(
        &mut self,
        sorting: &Sorting<'_>,
        work: &mut Work<'_, J>,
        text: &str,
    ) {
        self.settle(sorting, work, text);
        for (kind, count) in self.kinds.iter().zip(&mut self.counts).filter(|(_, count)| **count > 0) {
            work.job.count(work.out, kind, *count);
            *count = 0;
        }
        self.hand_over_groups(sorting, work);
    }

    fn hand_over_groups<J: Job<Kind = K>>(&mut self, sorting: &Sorting<'_>, work: &mut Work<'_, J>) {
        let Self { groupings, kinds, .. } = self;
        for ((which, _), grouping) in sorting.grouped.iter().zip(groupings) {
            grouping.groups.flush(|label, counts| {
                let kinds = kinds.iter().zip(counts).filter(|(_, rows)| **rows > 0);
                work.job.group(work.out, *which, label, kinds.map(|(kind, rows)| (kind, u64::from(*rows))));
            });
        }
    }
}
