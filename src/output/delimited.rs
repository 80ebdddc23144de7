//! Comma-separated values, RFC 4180, with the formulas of spreadsheets disarmed.

use super::log_commands::disarmed;
use super::sanitize::sanitize;
use super::screen::Screen;

/// A table of machine values; the columns are a contract, new ones come last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records {
    /// The names of the columns.
    pub header: &'static [&'static str],
    /// The values, as many as there are columns.
    pub rows: Vec<Vec<String>>,
}

/// Returns the records with their header.
pub(super) fn csv(records: &Records, screen: Screen) -> String {
    let mut out = line(records.header.iter().copied(), screen);
    for row in &records.rows {
        out.push_str(&line(row.iter().map(String::as_str), screen));
    }
    out
}

/// Returns one line. Lines end with a bare newline, as everything else on stdout does.
pub(super) fn line<'a>(cells: impl Iterator<Item = &'a str>, screen: Screen) -> String {
    let mut out = String::new();
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            out.push(',');
        }
        let shown = sanitize(cell);
        let shown = if screen.ci { disarmed(&shown) } else { shown.into_owned() };
        let lead = match shown.trim_start().starts_with("::") && at == 0 && screen.ci {
            true => "\\",
            false if is_formula(cell) => "'",
            false => "",
        };
        if shown.contains([',', '"', '\'']) || shown.starts_with(' ') || shown.ends_with(' ') {
            out.extend(["\"", lead, &shown.replace('"', "\"\""), "\""]);
        } else {
            out.extend([lead, &shown]);
        }
    }
    out.push('\n');
    out
}

/// Tells whether a spreadsheet would compute the cell; plain numbers and percentages are what they are.
fn is_formula(cell: &str) -> bool {
    let begins = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    begins && cell.strip_suffix('%').unwrap_or(cell).parse::<f64>().map_or(true, |number| !number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(cells: &[&str]) -> String {
        line(cells.iter().copied(), Screen::default())
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        assert_eq!(shown(&["a", "b c", "d,e", "f\"g", ""]), "a,b c,\"d,e\",\"f\"\"g\",\n");
        assert_eq!(shown(&["a\nb"]), "a\\nb\n");
    }

    #[test]
    fn formulas_are_disarmed_and_numbers_are_not() {
        assert_eq!(shown(&["=1+1", "@x", "+a", "-b", "\tx"]), "'=1+1,'@x,'+a,'-b,'\\tx\n");
        assert_eq!(shown(&["-1", "+2.5", "-3%", "1e3"]), "-1,+2.5,-3%,1e3\n");
        assert_eq!(shown(&["-inf", "=A1,B1"]), "'-inf,\"'=A1,B1\"\n");
    }
}
