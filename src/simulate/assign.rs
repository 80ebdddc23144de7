//! Which user gets which variant: every row of a population, streamed.

use std::io;

use crate::bucket::Number;
use crate::eval::{ExperimentId, Gate, NoObserver, Program, Scratch, Subject};
use crate::model::{Reason, Timestamp, VariationName};

use super::engine::{Job, Watch, run};
use super::error::SimulateError;
use super::population::{Intake, Options, Population};

/// The variant of one user in one experiment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Assigned<'a> {
    /// The user's key; empty where the row has none.
    pub user: &'a str,
    /// The experiment's name.
    pub experiment: &'a str,
    /// The variant.
    pub variant: &'a VariationName,
    /// The slot among the shares; none where no bucket was asked.
    pub bucket: Option<Number>,
    /// Why.
    pub reason: Reason,
    /// Whether the gate let the user in.
    pub gate: Gate,
    /// Whether the variant was forced.
    pub forced: bool,
}

/// How an assignment is added to what comes out of a block of rows.
pub type Render<'a, T> = &'a (dyn Fn(&Assigned<'_>, &mut T) + Sync);

/// Assigns variants to a whole population, in constant memory. For each row and each experiment, in this
/// order, `render` adds the assignment to what comes out of a block (bytes of JSON lines, say), on any thread;
/// `sink` gets the blocks in the order of the input, on the caller's own thread.
///
/// # Errors
/// When the population cannot be read, or lacks what the rules ask for (unless allowed), `sink` fails, or the
/// caller cancels.
pub fn assign<T: Default + Send>(
    program: &Program,
    experiments: &[(&str, ExperimentId)],
    population: Population<'_>,
    options: &Options,
    watch: Watch<'_>,
    render: Render<'_, T>,
    sink: &mut dyn FnMut(T) -> io::Result<()>,
) -> Result<Intake, SimulateError> {
    let job = AssignJob { program, experiments, at: options.at, render };
    run(population, program, options, &job, watch, sink)
}

struct AssignJob<'a, T> {
    program: &'a Program,
    experiments: &'a [(&'a str, ExperimentId)],
    at: Timestamp,
    render: Render<'a, T>,
}

impl<T: Default + Send> Job for AssignJob<'_, T> {
    type Worker = Scratch;
    type Out = T;
    type Kind = ();

    fn start(&self) -> T {
        T::default()
    }

    fn row<S: Subject + ?Sized>(&self, scratch: &mut Scratch, out: &mut T, id: &str, subject: &S) {
        let mut run = scratch.subject(self.program, subject, self.at);
        for (experiment, number) in self.experiments {
            let given = run.assign(*number, &mut NoObserver);
            let assigned = Assigned {
                user: id,
                experiment,
                variant: &self.program.variants(*number)[given.variant],
                bucket: self.program.slot(*number, given.bucket),
                reason: given.reason,
                gate: given.gate,
                forced: given.reason == Reason::TargetingMatch,
            };
            (self.render)(&assigned, out);
        }
    }
}
