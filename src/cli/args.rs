//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// A static linter for AWS infrastructure as code: Terraform and CloudFormation.
#[derive(Parser, Debug)]
#[command(name = "formwork", version, long_version = long_version(), about, max_term_width = 100)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = false)]
pub struct Cli {
    /// What to do; `check` if nothing is named.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The arguments of `check`.
    #[command(flatten)]
    pub check: CheckArgs,
}

/// The version, and the days whose state the tables describe that rules read.
fn long_version() -> &'static str {
    static TEXT: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    TEXT.get_or_init(|| {
        let mut text = env!("CARGO_PKG_VERSION").to_owned();
        for (table, as_of) in crate::rules::table_dates() {
            text.push_str(&format!("\ntable {table} of {as_of}"));
        }
        text
    })
}

/// What formwork does.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Lint files and folders (the default)
    Check(Box<CheckArgs>),
    /// List the rules
    Rules(RulesArgs),
    /// Explain a rule: why it matters, what to write, examples
    Explain(ExplainArgs),
    /// Print the JSON Schema of the JSON output or of formwork.toml
    Schema(SchemaArgs),
    /// Print the resource graph of the given paths
    Graph(GraphArgs),
}

/// `formwork check`
#[derive(Args, Debug, Default, Clone)]
#[allow(clippy::struct_excessive_bools)]
pub struct CheckArgs {
    /// Files and folders [default: .]
    pub paths: Vec<PathBuf>,

    /// Output format, optionally into a file: FORMAT or FORMAT=FILE; repeatable.
    /// Formats: text, json, sarif, junit, github, gitlab, markdown, html, ndjson
    #[arg(short, long, value_name = "FORMAT[=FILE]", visible_alias = "format")]
    pub output: Vec<String>,

    /// Run only these rules: ids, ids of other tools (CKV_AWS_79), services (ec2), prefixes (ec2-*), all
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub select: Vec<String>,

    /// Do not run these rules
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub ignore: Vec<String>,

    /// Which rules run: essential, default, strict
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<String>,

    /// Exit with 1 for findings of this severity or above: info, low, medium, high, critical [default: medium]
    #[arg(long, value_name = "SEVERITY")]
    pub fail_on: Option<String>,

    /// Exit with 0 in spite of findings
    #[arg(long)]
    pub exit_zero: bool,

    /// Value of a Terraform variable; repeatable
    #[arg(long, value_name = "NAME=VALUE")]
    pub var: Vec<String>,

    /// File with values of Terraform variables; repeatable
    #[arg(long, value_name = "FILE")]
    pub var_file: Vec<PathBuf>,

    /// Value of a CloudFormation parameter (NAME=VALUE) or a parameter file; repeatable
    #[arg(long, value_name = "NAME=VALUE|FILE")]
    pub parameters: Vec<String>,

    /// Treat defaults of variables and parameters as unknown
    #[arg(long)]
    pub strict_inputs: bool,

    /// List what could not be decided, with its cause
    #[arg(long)]
    pub show_undetermined: bool,

    /// What undecided rules do: report, ignore, fail
    #[arg(long, value_name = "POLICY")]
    pub unknown: Option<String>,

    /// Read this configuration instead of the nearest formwork.toml upwards
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub config: Option<PathBuf>,

    /// Read no configuration
    #[arg(long)]
    pub no_config: bool,

    /// Read files that .gitignore leaves out as well
    #[arg(long)]
    pub no_gitignore: bool,

    /// Take the paths as changed files: analyse the roots that own them, exit with 0 if there are none
    #[arg(long)]
    pub hook: bool,

    /// Report findings in spite of ignore comments
    #[arg(long)]
    pub no_ignores: bool,

    /// Number of threads [default: one per core]
    #[arg(short, long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub jobs: usize,

    /// Findings and errors only
    #[arg(short, long)]
    pub quiet: bool,

    /// Write the safe fixes into the files and report what is left
    #[arg(long)]
    pub fix: bool,

    /// With --fix or --diff: fixes with consequences as well (a replacement, an interruption, a shared default)
    #[arg(long)]
    pub unsafe_fixes: bool,

    /// Show the fixes as a unified diff instead of writing them; exit as without fixes
    #[arg(long)]
    pub diff: bool,

    /// Add a table of findings per rule
    #[arg(long)]
    pub statistics: bool,

    /// Add the duration of the run to the summary
    #[arg(long)]
    pub timings: bool,

    /// Colours: auto, always, never
    #[arg(long, value_name = "WHEN", default_value = "auto", hide_default_value = true)]
    pub color: Color,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// `formwork rules`
#[derive(Args, Debug)]
pub struct RulesArgs {
    /// Output format: text or json
    #[arg(short, long, default_value = "text", visible_alias = "format")]
    pub output: String,
}

/// `formwork explain`
#[derive(Args, Debug)]
pub struct ExplainArgs {
    /// Id of a rule, or of an equivalent rule of another tool
    pub rule: String,
}

/// `formwork schema`
#[derive(Args, Debug)]
pub struct SchemaArgs {
    /// What to describe: report or config
    #[arg(default_value = "report")]
    pub what: String,
}

/// `formwork graph`
#[derive(Args, Debug)]
pub struct GraphArgs {
    /// The inputs are those of `check`.
    #[command(flatten)]
    pub check: CheckArgs,
}
