//! What users get of whom only the key is known: by where they draw, and by nothing else.

use std::collections::HashSet;

use crate::bucket::{Draw, Line};
use crate::model::Timestamp;

use super::attribute::AttributeId;
use super::clause::{CompiledClause, Test};
use super::program::{CompiledFlag, CompiledRollout, CompiledServe, CompiledSplit, HashId, Program};
use super::run::{Run, Scratch};
use super::subject::Subject;

/// How users of whom only the key is known fall apart: those of one cell get the same of everything in a program,
/// since all their draws lie between the same limits. Those that are listed by their key are in no cell.
#[derive(Debug)]
pub struct Cells {
    axes: Vec<(HashId, Vec<Draw>)>,
    listed: HashSet<String>,
    /// A key that is not listed.
    other: String,
    count: usize,
    asks_key: bool,
}

impl Cells {
    /// The most cells.
    const MOST: usize = 4096;
    /// The most cells where nobody is counted.
    const MOST_OF_ALL: usize = 1 << 16;

    /// Returns how many cells there are.
    pub const fn count(&self) -> usize {
        self.count
    }

    /// Tells whether more is asked of a key than what it draws and whether it is listed: what it starts with, for one.
    /// Then a cell alone does not say what its users get, see [`Program::questions`].
    pub const fn asks_key(&self) -> bool {
        self.asks_key
    }

    /// Returns the keys that are listed somewhere, or that a clause names.
    pub const fn listed(&self) -> &HashSet<String> {
        &self.listed
    }

    /// Returns the lines that are drawn, each with its limits, ascending. A cell is numbered by how many limits of
    /// each line its draws are not below: the first line's number times the numbers that the second can have, and so
    /// on.
    pub fn axes<'p>(&self, program: &'p Program) -> impl Iterator<Item = (&'p Line, &[Draw])> {
        self.axes.iter().map(|(id, limits)| (&program.hashes[id.0].line, limits.as_slice()))
    }

    /// Starts with a user of a cell: the program's evaluations are theirs.
    pub fn start<'a>(
        &'a self,
        cell: usize,
        scratch: &'a mut Scratch,
        program: &'a Program,
        now: Timestamp,
    ) -> Run<'a, str> {
        self.start_as(cell, self.other.as_str(), (scratch, program), now)
    }

    /// Starts with a subject as if its user were one of a cell. Its user's key must be there, and not be listed.
    pub fn start_as<'a, S: Subject + ?Sized>(
        &'a self,
        cell: usize,
        subject: &'a S,
        (scratch, program): (&'a mut Scratch, &'a Program),
        now: Timestamp,
    ) -> Run<'a, S> {
        let mut rest = cell;
        let draws = self.axes.iter().rev().map(|(id, limits)| {
            let place = rest % (limits.len() + 1);
            rest /= limits.len() + 1;
            // The first draw of the place: the limit itself is not below it.
            (*id, place.checked_sub(1).map_or(Draw::default(), |before| limits[before]))
        });
        scratch.drawn(program, subject, now, draws)
    }
}

impl Program {
    /// Returns the cells of those of whom only the key is known; none where there are too many.
    pub fn cells(&self) -> Option<Cells> {
        self.cut(Cells::MOST, |id| self.draws_by_user(*id))
    }

    /// Tells whether an attribute is the user's key.
    pub fn is_user_key(&self, id: AttributeId) -> bool {
        self.attributes.get(id.0).is_some_and(super::attribute::Attribute::is_user_key)
    }

    /// Returns the clauses of all rules and segments.
    pub(super) fn clauses(&self) -> impl Iterator<Item = &CompiledClause> {
        let rules = self.flags.iter().flat_map(|flag| &flag.rules).flat_map(|rule| &rule.clauses);
        rules.chain(self.segments.iter().flat_map(|segment| segment.rules.iter().flatten()))
    }

    fn asks_key(&self) -> bool {
        let clause = |clause: &CompiledClause| match &clause.test {
            Test::Attribute(id, wanted) => self.is_user_key(*id) && wanted.texts().is_none(),
            Test::Segments(_) | Test::SegmentNames { .. } => false,
        };
        let units = self.units.iter().filter_map(|unit| unit.attribute);
        self.clauses().any(clause) || units.into_iter().any(|id| self.is_user_key(id))
    }

    /// Returns the cells of those who have every unit that is bucketed by, whatever they are; none where there are too
    /// many. Nothing but draws may be asked: no clause, and no list.
    pub fn every_cell(&self) -> Option<Cells> {
        self.cut(Cells::MOST_OF_ALL, |_| true)
    }

    /// Returns the cells between all limits of the draws that are `drawn`.
    fn cut(&self, most: usize, drawn: impl Fn(&HashId) -> bool) -> Option<Cells> {
        let mut axes = self.axes(drawn);
        axes.retain(|(_, limits)| !limits.is_empty());
        let mut count: usize = 1;
        for (_, limits) in &axes {
            count = count.checked_mul(limits.len() + 1).filter(|count| *count <= most)?;
        }
        let listed = self.listed();
        let mut other = "-".to_owned();
        while listed.contains(&other) {
            other.push('-');
        }
        Some(Cells { axes, listed, other, count, asks_key: self.asks_key() })
    }

    /// Tells whether a hash is of the user's key.
    pub(super) fn draws_by_user(&self, id: HashId) -> bool {
        let unit = &self.units[self.hashes[id.0].unit.0];
        unit.attribute.is_none() && unit.by.kind.is_user()
    }

    /// Returns some hashes, each with the limits that its draws are compared with, ascending.
    pub(super) fn axes(&self, wanted: impl Fn(&HashId) -> bool) -> Vec<(HashId, Vec<Draw>)> {
        let ids = (0..self.hashes.len()).map(HashId).filter(wanted);
        let mut axes: Vec<(HashId, Vec<Draw>)> = ids.map(|id| (id, Vec::new())).collect();
        for (id, limit) in self.limits() {
            if let Some((_, limits)) = axes.iter_mut().find(|(known, _)| *known == id) {
                limits.push(limit);
            }
        }
        for (_, limits) in &mut axes {
            limits.sort_unstable();
            limits.dedup();
        }
        axes
    }

    /// Returns every limit that a draw is compared with.
    fn limits(&self) -> Vec<(HashId, Draw)> {
        let mut limits = Vec::new();
        let mut split = |split: &CompiledSplit| {
            let (_, all_but_last) = split.upper.split_last().unwrap_or((&(Draw::default(), 0), &[]));
            limits.extend(all_but_last.iter().map(|(upper, _)| (split.hash, *upper)));
        };
        for experiment in &self.experiments {
            split(&experiment.split);
        }
        for serve in self.flags.iter().flat_map(CompiledFlag::serves) {
            if let CompiledServe::Split(shares) = serve {
                split(shares);
            }
        }
        for flag in &self.flags {
            for rollout in flag.rules.iter().map(|rule| &rule.rollout).chain([&flag.rollout]) {
                if let CompiledRollout::Part { hash, limit, .. } = rollout {
                    limits.push((*hash, *limit));
                }
            }
        }
        limits
    }

    /// Returns every key that something is said of.
    fn listed(&self) -> HashSet<String> {
        let users = self.flags.iter().flat_map(|flag| flag.users.keys());
        let forced = self.experiments.iter().flat_map(|experiment| experiment.force.keys());
        let members =
            self.segments.iter().flat_map(|segment| segment.included.iter().chain(&segment.excluded));
        let named = self.clauses().filter_map(|clause| match &clause.test {
            Test::Attribute(id, wanted) if self.is_user_key(*id) => wanted.texts(),
            _ => None,
        });
        let listed = users.chain(forced).chain(members).map(String::as_str);
        listed.chain(named.flatten()).map(str::to_owned).collect()
    }
}

impl CompiledFlag {
    fn serves(&self) -> impl Iterator<Item = &CompiledServe> {
        self.rules.iter().map(|rule| &rule.serve).chain([&self.fallthrough])
    }
}
