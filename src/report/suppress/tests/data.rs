use super::Source;
use crate::report::suppress::{Collected, Cover, Date, Directive, metadata, note};
use crate::value::{Entries, Str, Trail, Value};

fn map(entries: Vec<(&str, Value)>) -> Value {
    Value::map(entries.into_iter().map(|(k, v)| (Str::from(k), v)).collect::<Entries>())
}

#[test]
fn metadata_suppresses() {
    let file = Source::new("a until b 2027-01-31 CKV_1 W35 G1 '[{\"rule\":\"AC_1\",\"comment\":\"why\"}]' E3012");
    let at = |text: &str| Value::from(text).with_trail(Trail::written(file.span(text)));
    let near = file.span("a");
    let resource = Cover::Span(near);
    let value = map(vec![
        (
            "formwork",
            map(vec![(
                "ignore",
                Value::list(vec![
                    at("a"),
                    map(vec![("id", at("b")), ("until", at("2027-01-31")), ("reason", Value::from("why"))]),
                ]),
            )]),
        ),
        ("checkov", map(vec![("skip", Value::list(vec![map(vec![("id", at("CKV_1")), ("comment", "why".into())])]))])),
        ("cfn_nag", map(vec![("rules_to_suppress", Value::list(vec![map(vec![("id", at("W35"))]), map(vec![])]))])),
        ("guard", map(vec![("SuppressedRules", Value::list(vec![at("G1")]))])),
        ("runterrascan.io/skip", at("[{\"rule\":\"AC_1\",\"comment\":\"why\"}]")),
        ("cfn-lint", map(vec![("config", map(vec![("ignore_checks", Value::list(vec![at("E3012")]))]))])),
        ("Unrelated", Value::from(1)),
    ]);
    let names = |collected: &Collected| -> Vec<String> {
        let name = |d: &Directive| format!("{} {} {}", d.peer.unwrap_or("formwork"), d.rules[0].0, d.reason);
        collected.directives.iter().map(|d| name(d).trim_end().to_owned()).collect()
    };
    let collected = metadata(&value, resource, near, &file.file, &|_| true);
    assert_eq!(
        names(&collected),
        [
            "formwork a",
            "formwork b why",
            "checkov CKV_1 why",
            "cfn_nag W35",
            "cfn-lint E3012",
            "guard G1",
            "terrascan AC_1 why",
        ]
    );
    assert_eq!(collected.directives[1].until.and_then(|u| u.date), Some(Date(2027, 1, 31)));
    assert!(collected.directives.iter().all(|d| d.cover == resource));
    assert_eq!(collected.notices, []);
    let template = metadata(&value, Cover::File, near, &file.file, &|peer| peer == "cfn-lint");
    assert_eq!(names(&template), ["formwork a", "formwork b why", "cfn-lint E3012*"]);
}

#[test]
fn malformed_metadata_is_reported() {
    let file = Source::new("a");
    let near = file.span("a");
    let table = [
        (map(vec![("ignroe", "a".into())]), "unknown key `ignroe` of the formwork metadata; did you mean `ignore`?"),
        (map(vec![("ignore", 3.into())]), "`ignore` must be a list of rules"),
        (
            map(vec![("ignore", Value::list(vec![3.into()]))]),
            "an ignore must be the name of a rule, or a map with an `id`",
        ),
        (map(vec![("ignore", Value::list(vec![map(vec![])]))]), "the ignore names no rule: it needs an `id`"),
        (map(vec![("ignore", Value::list(vec!["*".into()]))]), "an ignore must name its rules"),
        (
            map(vec![("ignore", Value::list(vec![map(vec![("id", "a".into()), ("untill", "x".into())])]))]),
            "unknown key `untill` of an ignore; did you mean `until`?",
        ),
    ];
    for (value, expected) in table {
        let value = map(vec![("formwork", value)]);
        let collected = metadata(&value, Cover::Span(near), near, &file.file, &|_| true);
        assert_eq!(collected.directives, []);
        let messages: Vec<&str> = collected.notices.iter().map(|n| n.message.as_str()).collect();
        assert_eq!(messages, [expected]);
    }
}

#[test]
fn notes_of_json_suppress() {
    let table = [
        (r#""ignore[a] until=2027-01-31 why""#, "[a] on {} until 2027-01-31 because why"),
        (r#""formwork: ignore[a, b]""#, "[a b] on {}"),
        (r#""ignore-file[a]""#, "[a] on the file"),
        (r#""ignore""#, "the ignore names no rule: write `ignore[rule]`"),
        (r#""because""#, "not an ignore: write `ignore[rule] reason`"),
    ];
    for (written, expected) in table {
        let file = Source::new(&format!("{{}} {written}"));
        let text = written.trim_matches('"');
        let collected = note(text, file.span(written), Cover::Span(file.span("{}")), false, &file.file);
        let shown = collected.directives.iter().map(|d| file.show(d));
        let shown: Vec<String> = shown.chain(collected.notices.iter().map(|n| n.message.clone())).collect();
        assert_eq!(shown, [expected], "{written}");
    }
    // Escapes: the whole string is the place.
    let file = Source::new(r#""ignore[\u0061]""#);
    let span = file.span(r#""ignore[\u0061]""#);
    let collected = note("ignore[a]", span, Cover::File, false, &file.file);
    assert_eq!(collected.directives[0].rules, [("a".to_owned(), span)]);
}
