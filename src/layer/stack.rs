//! One field as all layers have it.

use super::origin::Origin;
use super::source::Source;

/// A value with its source and place.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Its layer.
    pub source: Source,
    /// Where it stands.
    pub origin: Origin,
}

/// What the layers say of one field, lowest first; never empty, the last one wins.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack<T> {
    settings: Vec<Setting<T>>,
}

impl<T> Stack<T> {
    /// Returns a stack of one setting.
    pub fn of(setting: Setting<T>) -> Self {
        Self { settings: vec![setting] }
    }

    /// Puts a setting on top.
    ///
    /// # Panics
    /// In a debug build, when it belongs below the one on top: layers are pushed lowest first.
    pub fn push(&mut self, setting: Setting<T>) {
        debug_assert!(self.effective().source <= setting.source, "layers are pushed lowest first");
        self.settings.push(setting);
    }

    /// Returns the setting that wins.
    pub fn effective(&self) -> &Setting<T> {
        self.settings.last().expect("a stack is never empty")
    }

    /// Returns the settings that are overridden, highest first.
    pub fn overridden(&self) -> impl Iterator<Item = &Setting<T>> {
        self.settings.iter().rev().skip(1)
    }

    /// Returns all settings, lowest first.
    pub fn settings(&self) -> &[Setting<T>] {
        &self.settings
    }
}
