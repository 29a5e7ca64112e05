//! Takes away what is suppressed, and says which suppressions are of no use.

use super::{Cover, Date, Directive, Rules};
use crate::nearest::did_you_mean;
use crate::report::{Fault, FaultKind, Finding, Label, Suppressed, Undetermined};
use crate::source::{FileId, Sources, Span};
use crate::value::Str;
use rustc_hash::{FxHashMap, FxHashSet};

/// A finding, or something undetermined, with the places of the resource it is about.
#[derive(Clone, Debug)]
pub struct Anchored<T> {
    /// What was found.
    pub what: T,
    /// The header and the whole of the resource, the calls through which it is reached.
    pub anchors: Vec<Span>,
}

/// Demands on formwork's own suppressions.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// One without a reason is reported.
    pub require_reason: bool,
    /// One without an end, or whose end is more days ahead, is reported.
    pub max_days: Option<u32>,
    /// Ids of rules that nothing suppresses.
    pub refuse: FxHashSet<Str>,
}

/// What suppressions are held against.
pub struct Context<'a> {
    /// The rules.
    pub rules: &'a dyn Rules,
    /// The day of the run.
    pub today: Date,
    /// Demands of the configuration.
    pub policy: &'a Policy,
    /// The files, for their names.
    pub sources: &'a Sources,
}

/// What is left.
#[derive(Debug, Default)]
pub struct Applied {
    /// Findings that nothing suppresses, in their order.
    pub findings: Vec<Anchored<Finding>>,
    /// Undetermined entries that nothing suppresses, in their order.
    pub undetermined: Vec<Anchored<Undetermined>>,
    /// The findings that were taken away, in their order.
    pub suppressed: Vec<Suppressed>,
    /// How many undetermined entries were taken away.
    pub suppressed_undetermined: usize,
    /// Directives of formwork that are unknown, expired, unused or against the policy.
    pub notices: Vec<Fault>,
}

/// What [`apply`] has to know of a finding.
trait Judged {
    fn rule(&self) -> &Str;
    fn primary(&self) -> Span;
    fn secondary(&self) -> &[Label];
}

impl Judged for Finding {
    fn rule(&self) -> &Str {
        &self.rule
    }
    fn primary(&self) -> Span {
        self.primary.span
    }
    fn secondary(&self) -> &[Label] {
        &self.secondary
    }
}

impl Judged for Undetermined {
    fn rule(&self) -> &Str {
        &self.rule
    }
    fn primary(&self) -> Span {
        self.primary.span
    }
    fn secondary(&self) -> &[Label] {
        &self.secondary
    }
}

/// Takes away the findings and undetermined entries that `directives` cover.
///
/// A directive covers what has its primary label inside, what belongs to a resource that lies inside or is called from
/// inside, and (at a module call, variable, local value or data source) what got its value from inside. Findings of several
/// instances should be merged only afterwards, so that a directive at one of two module calls covers only that one.
/// A directive counts as unused only if its rules run.
pub fn apply(
    findings: Vec<Anchored<Finding>>,
    undetermined: Vec<Anchored<Undetermined>>,
    directives: &[Directive],
    context: &Context<'_>,
) -> Applied {
    let mut run = Run::new(directives, context);
    let mut out = Applied::default();
    for finding in findings {
        match run.suppressor(&finding) {
            Some(directive) => out.suppressed.push(Suppressed {
                finding: finding.what,
                by: directive.span,
                reason: directive.reason.clone(),
            }),
            None => out.findings.push(finding),
        }
    }
    for entry in undetermined {
        if run.suppressor(&entry).is_some() {
            out.suppressed_undetermined += 1;
        } else {
            out.undetermined.push(entry);
        }
    }
    out.notices = run.notices();
    out
}

struct Run<'a> {
    directives: &'a [Directive],
    context: &'a Context<'a>,
    /// By directive and name: the rules.
    resolved: Vec<Vec<Vec<Str>>>,
    /// The directives that hold, with the index of the name, by rule and file.
    by_rule: FxHashMap<(Str, FileId), Vec<(usize, usize)>>,
    /// Directive and name.
    used: FxHashSet<(usize, usize)>,
}

impl<'a> Run<'a> {
    fn new(directives: &'a [Directive], context: &'a Context<'a>) -> Self {
        let mut run = Self {
            directives,
            context,
            resolved: Vec::new(),
            by_rule: FxHashMap::default(),
            used: FxHashSet::default(),
        };
        for (index, directive) in directives.iter().enumerate() {
            let resolve = |(name, _): &(String, Span)| context.rules.resolve(name, directive.peer);
            let names: Vec<Vec<Str>> = directive.rules.iter().map(resolve).collect();
            if run.holds(directive) {
                for (name, rules) in names.iter().enumerate() {
                    for rule in rules.iter().filter(|rule| !context.policy.refuse.contains(*rule)) {
                        let key = (rule.clone(), directive.span.file);
                        run.by_rule.entry(key).or_default().push((index, name));
                    }
                }
            }
            run.resolved.push(names);
        }
        run
    }

    fn holds(&self, directive: &Directive) -> bool {
        directive.until.is_none_or(|until| until.date.is_some_and(|last| self.context.today <= last))
    }

    /// The directive that takes something away, one of formwork's own if there is one. All that cover it are used.
    fn suppressor<T: Judged>(&mut self, what: &Anchored<T>) -> Option<&'a Directive> {
        let judged = &what.what;
        let spans = what.anchors.iter().copied().chain(judged.secondary().iter().map(|l| l.span));
        let mut files: Vec<FileId> = std::iter::once(judged.primary()).chain(spans).map(|s| s.file).collect();
        files.sort_unstable();
        files.dedup();
        let mut best: Option<&'a Directive> = None;
        for file in files {
            let Some(candidates) = self.by_rule.get(&(judged.rule().clone(), file)) else { continue };
            for &(index, name) in candidates {
                let Some(directive) = self.directives.get(index) else { continue };
                if covers(directive, judged, &what.anchors) {
                    self.used.insert((index, name));
                    if best.is_none_or(|b| b.peer.is_some() && directive.peer.is_none()) {
                        best = Some(directive);
                    }
                }
            }
        }
        best
    }

    fn notices(&self) -> Vec<Fault> {
        let mut out = Vec::new();
        let mut suggestions: Option<Vec<String>> = None;
        for (index, directive) in self.directives.iter().enumerate() {
            if directive.peer.is_none() {
                self.notices_of(index, directive, &mut suggestions, &mut out);
            }
        }
        out.sort();
        out.dedup();
        out
    }

    fn notices_of(&self, index: usize, directive: &Directive, known: &mut Option<Vec<String>>, out: &mut Vec<Fault>) {
        let name = self.context.sources.get(directive.span.file).name.clone();
        let mut say = |span: Span, message: String| {
            out.push(Fault { path: name.clone(), span: Some(span), message, kind: FaultKind::Notice });
        };
        for (index_of_name, (name, span)) in directive.rules.iter().enumerate() {
            let rules = self.resolved.get(index).and_then(|names| names.get(index_of_name));
            let rules = rules.map_or(&[][..], Vec::as_slice);
            if rules.is_empty() {
                let known = known.get_or_insert_with(|| self.context.rules.names());
                let hint = did_you_mean(name, known.iter().map(String::as_str)).map(|h| format!("; {h}"));
                say(*span, format!("unknown rule `{name}` in an ignore{}", hint.unwrap_or_default()));
            } else if rules.iter().all(|rule| self.context.policy.refuse.contains(rule)) {
                say(*span, format!("`{name}` cannot be ignored: the configuration refuses it"));
            } else if self.holds(directive)
                && rules.iter().any(|rule| self.context.rules.is_enabled(rule))
                && !self.used.contains(&(index, index_of_name))
            {
                let span = if directive.rules.len() == 1 { directive.span } else { *span };
                say(span, format!("unused ignore: `{name}` finds nothing here"));
            }
        }
        let policy = self.context.policy;
        match directive.until {
            Some(until) => match until.date {
                None => {
                    say(until.span, "the end of the ignore is no date like 2027-01-31, so it does not hold".to_owned());
                }
                Some(last) if last < self.context.today => {
                    say(until.span, format!("the ignore ended on {last}"));
                }
                Some(last) => {
                    let ahead = last.days() - self.context.today.days();
                    if let Some(limit) = policy.max_days.filter(|limit| ahead > i64::from(*limit)) {
                        say(until.span, format!("the ignore ends in {ahead} days; {limit} are allowed"));
                    }
                }
            },
            None => {
                if let Some(limit) = policy.max_days {
                    say(directive.span, format!("the ignore has no end; at most {limit} days are allowed"));
                }
            }
        }
        if policy.require_reason && directive.reason.is_empty() {
            say(directive.span, "the ignore gives no reason".to_owned());
        }
    }
}

fn covers<T: Judged>(directive: &Directive, judged: &T, anchors: &[Span]) -> bool {
    match directive.cover {
        Cover::File => judged.primary().file == directive.span.file,
        Cover::Span(span) => {
            // An empty span covers nothing, not even an empty span.
            span.start < span.end
                && (span.contains(judged.primary())
                    || anchors.iter().any(|anchor| span.contains(*anchor))
                    || (directive.through && judged.secondary().iter().any(|label| span.contains(label.span))))
        }
    }
}
