//! The overrides of a store, as a layer.

use crate::error::Result;
use crate::layer::{AdminLayer, Freshness, Origin, TargetLabel, Version};
use crate::model::Timestamp;

use super::either::Store;
use super::field_text::parse_value;
use super::rows::Rows;

impl Store {
    /// Reads all overrides.
    ///
    /// # Errors
    /// When the store is damaged, none, or cannot be read; never when there is none yet.
    pub fn read(&self) -> Result<AdminLayer> {
        self.layer(|rows, layer| fill(rows, layer, None))
    }

    /// Reads the overrides of some flags alone.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub fn read_flags(&self, flags: &[&str]) -> Result<AdminLayer> {
        self.layer(|rows, layer| flags.iter().try_for_each(|flag| fill(rows, layer, Some(flag))))
    }

    /// Returns how to name the store as it is now; by its place alone if it cannot be read.
    pub fn label_now(&self) -> TargetLabel {
        self.reading(label_as).ok().flatten().unwrap_or_else(|| self.label().clone())
    }

    fn layer(&self, fill: impl Fn(&dyn Rows, &mut AdminLayer) -> Result<()>) -> Result<AdminLayer> {
        let layer = self.reading(|rows| {
            let mut layer = AdminLayer::empty(label_as(rows)?, Freshness::Live);
            fill(rows, &mut layer)?;
            Ok(layer)
        })?;
        Ok(layer.unwrap_or_else(|| AdminLayer::empty(self.label().clone(), Freshness::Live)))
    }
}

/// Returns how to name a store: one that has tokens is given out by a server.
fn label_as(rows: &dyn Rows) -> Result<TargetLabel> {
    Ok(TargetLabel { served: rows.has_tokens()?, ..rows.label().clone() })
}

fn fill(rows: &dyn Rows, layer: &mut AdminLayer, flag: Option<&str>) -> Result<()> {
    for row in rows.overrides(flag)? {
        let (field, value) = parse_value(&row.field, &row.value).map_err(|what| rows.damaged(what))?;
        let origin = Origin::Journal {
            number: row.number,
            at: Some(Timestamp::from_millis(row.at)),
            by: row.actor,
            expires_at: row.expires_at.map(Timestamp::from_millis),
        };
        layer.overrides.entry(row.flag).or_default().insert(field, (value, origin));
    }
    let versions = rows.versions(flag)?.into_iter();
    layer.versions.extend(versions.map(|(flag, number)| (flag, Version::Journal(number))));
    Ok(())
}
