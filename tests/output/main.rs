//! Every output format over one report that holds all that can occur, hostile input included.

mod formats;
mod hostile;
mod sample;
mod scale;

use formwork::output::{self, Format, Options};
use formwork::report::Report;
use formwork::source::Sources;

fn render(format: Format, report: &Report, sources: &Sources, options: &Options) -> String {
    let mut out = Vec::new();
    output::write(format, report, sources, options, &mut out).expect("memory takes everything");
    let out = String::from_utf8(out).expect("outputs are UTF-8");
    out.replace(env!("CARGO_PKG_VERSION"), "[version]")
}

fn shown_all() -> Options {
    Options { show_undetermined: true, show_suppressed: true, statistics: true, ..Options::default() }
}
