use super::super::testing::{eval, evidence};
use crate::value::{Kind, Truth};

/// `100 deny tcp 22 0.0.0.0/0` as an entry; `tcp` and `udp` take ports, `icmp` a type and a code.
fn entry(text: &str) -> String {
    let mut words = text.split_whitespace();
    let mut word = || words.next().unwrap_or("null").to_owned();
    let (number, action, protocol) = (word(), word(), word());
    let quoted = |word: String| if word.contains("var.") { word } else { format!("{word:?}") };
    let details = match protocol.as_str() {
        "tcp" | "udp" => {
            let ports = word();
            let (from, to) = ports.split_once('-').unwrap_or((&ports, &ports));
            format!("from_port = {from}, to_port = {to}")
        }
        "icmp" => format!("icmp_type = {}, icmp_code = {}", word(), word()),
        _ => "from_port = 0, to_port = 0".to_owned(),
    };
    let cidr = quoted(word());
    let (action, protocol) = (quoted(action), quoted(protocol));
    format!("{{ rule_number = {number}, action = {action}, protocol = {protocol}, {details}, cidrs = [{cidr}] }}")
}

fn list(entries: &str) -> String {
    match entries {
        "?" => "var.entries".to_owned(),
        _ => {
            let (known, open) = entries.split_once(" + ?").map_or((entries, false), |(known, _)| (known, true));
            let all: Vec<String> = known.split(", ").filter(|e| !e.is_empty()).map(entry).collect();
            let all = format!("[{}]", all.join(", "));
            if open { format!("concat({all}, var.entries)") } else { all }
        }
    }
}

#[test]
fn an_entry_is_shadowed_by_what_comes_before() {
    // The entry, the others, and the number of the one that shadows it.
    let table = [
        ("100 deny tcp 22 0.0.0.0/0", "90 allow -1 0.0.0.0/0", "90"),
        ("100 deny tcp 22 198.51.100.0/24", "90 allow tcp 0-1024 198.51.0.0/16", "90"),
        ("100 deny tcp 22 0.0.0.0/0", "90 allow tcp 22 10.0.0.0/8", "-"),
        ("100 deny tcp 22 0.0.0.0/0", "110 allow -1 0.0.0.0/0", "-"),
        ("100 deny tcp 22 0.0.0.0/0", "100 allow -1 0.0.0.0/0", "-"),
        ("100 deny -1 0.0.0.0/0", "90 allow tcp 0-65535 0.0.0.0/0", "-"),
        ("100 deny tcp 22 0.0.0.0/0", "90 allow -1 ::/0", "-"),
        ("100 deny tcp 22 ::/0", "90 allow -1 ::/0", "90"),
        ("100 deny tcp 22 0.0.0.0/0", "90 allow udp 0-65535 0.0.0.0/0", "-"),
        ("100 deny tcp 22 0.0.0.0/0", "90 deny -1 0.0.0.0/0", "-"),
        ("100 deny tcp 22 0.0.0.0/0", "", "-"),
        ("100 deny 50 0.0.0.0/0", "90 allow 50 0.0.0.0/0", "90"),
        ("100 deny 50 0.0.0.0/0", "90 allow 51 0.0.0.0/0", "-"),
        // ICMP.
        ("100 deny icmp 8 0 0.0.0.0/0", "90 allow icmp -1 -1 0.0.0.0/0", "90"),
        ("100 deny icmp 8 0 0.0.0.0/0", "90 allow icmp 8 -1 0.0.0.0/0", "90"),
        ("100 deny icmp 8 -1 0.0.0.0/0", "90 allow icmp 8 0 0.0.0.0/0", "-"),
        ("100 deny icmp -1 -1 0.0.0.0/0", "90 allow icmp 8 -1 0.0.0.0/0", "-"),
        // Several together: the one with which it is complete; one that does it alone goes before.
        ("100 deny tcp 22 0.0.0.0/0", "80 allow -1 0.0.0.0/1, 90 allow -1 128.0.0.0/1", "90"),
        ("100 deny tcp 0-99 0.0.0.0/0", "90 allow tcp 50-99 0.0.0.0/0, 80 allow tcp 0-60 0.0.0.0/0", "90"),
        ("100 deny tcp 0-99 0.0.0.0/0", "80 allow tcp 0-60 0.0.0.0/0, 90 allow tcp 62-99 0.0.0.0/0", "-"),
        ("100 deny tcp 22 0.0.0.0/0", "80 allow tcp 22 10.0.0.0/8, 90 allow -1 0.0.0.0/0", "90"),
        ("100 deny -1 0.0.0.0/0", "80 allow tcp 0-65535 0.0.0.0/0, 90 allow -1 0.0.0.0/0", "90"),
        ("100 deny -1 10.0.0.0/8", "80 allow tcp 0-65535 0.0.0.0/0, 81 allow -1 10.0.0.0/9", "-"),
        (
            "100 deny tcp 22 10.0.0.0/16",
            "70 allow tcp 22 10.0.64.0/18, 80 allow tcp 22 10.0.0.0/18, 90 allow -1 10.0.128.0/17",
            "90",
        ),
        // Not known.
        ("100 deny tcp 22 0.0.0.0/0", "var.n allow -1 0.0.0.0/0", "?"),
        ("100 deny tcp 22 0.0.0.0/0", "90 allow -1 var.range", "?"),
        ("100 deny tcp 22 0.0.0.0/0", "90 allow tcp var.from-65535 0.0.0.0/0", "?"),
        ("100 deny tcp 22 0.0.0.0/0", "90 var.action -1 0.0.0.0/0", "?"),
        ("100 deny tcp 22 0.0.0.0/0", "?", "?"),
        ("100 deny tcp 22 0.0.0.0/0", "90 allow tcp 22 10.0.0.0/8 + ?", "?"),
        ("100 deny tcp var.from-22 0.0.0.0/0", "90 allow tcp 22 0.0.0.0/0", "?"),
        ("100 deny tcp 22 var.range", "90 allow -1 0.0.0.0/0", "?"),
        ("var.n deny tcp 22 0.0.0.0/0", "90 allow -1 0.0.0.0/0", "?"),
        // What is not known cannot change it.
        ("100 deny tcp 22 0.0.0.0/0", "90 allow -1 0.0.0.0/0 + ?", "90"),
        ("100 deny tcp 22 0.0.0.0/0", "90 allow -1 0.0.0.0/0, var.n allow -1 0.0.0.0/0", "90"),
        ("100 deny tcp 22 0.0.0.0/0", "110 allow -1 var.range", "-"),
        ("100 deny tcp 22 0.0.0.0/0", "90 deny -1 var.range", "-"),
        ("100 deny tcp 22 0.0.0.0/0", "var.n allow tcp 80 0.0.0.0/0", "-"),
        ("100 deny tcp 22 0.0.0.0/0", "var.n allow -1 10.0.0.0/8", "-"),
        ("100 deny tcp 22 0.0.0.0/0", "90 allow udp var.from-65535 0.0.0.0/0", "-"),
        ("100 var.action tcp 22 0.0.0.0/0", "90 allow -1 0.0.0.0/0", "90"),
    ];
    for (target, others, expected) in table {
        let found = eval(&format!("acl_shadow({}, {}, \"allow\")", entry(target), list(others)));
        let found = match &found.kind {
            Kind::Absent => "-".to_owned(),
            Kind::Map(_) => found.get("rule_number").as_number().map(|n| n.to_string()).unwrap_or_default(),
            Kind::Unknown(_) => "?".to_owned(),
            other => format!("{other:?}"),
        };
        assert_eq!(found, expected, "{target} behind {others}");
    }
}

#[test]
fn the_entry_and_what_shadows_it_are_the_evidence() {
    let (target, others) = (entry("100 deny tcp 22 0.0.0.0/0"), list("90 allow -1 0.0.0.0/0"));
    let text = format!("acl_shadow({target}, {others}, \"allow\")");
    assert_eq!(evidence(&text), target);
    let found = eval(&text);
    let places: Vec<&str> = found.trail.hops().filter_map(|h| text.get(h.span.range())).collect();
    assert_eq!(places, [target.as_str(), others.trim_matches(['[', ']'])]);
}

#[test]
fn either_action_may_shadow() {
    let (target, others) = (entry("100 allow tcp 22 0.0.0.0/0"), list("90 deny tcp 22 0.0.0.0/0"));
    let number = |action: &str| {
        let found = eval(&format!("acl_shadow({target}, {others}, {action})"));
        found.get("rule_number").as_number().map(|n| n.to_string())
    };
    assert_eq!(number("null").as_deref(), Some("90"));
    assert_eq!(number("\"deny\"").as_deref(), Some("90"));
    assert_eq!(number("\"allow\""), None);
    assert!(matches!(eval(&format!("acl_shadow({target}, {others}, \"drop\")")).kind, Kind::Unknown(_)));
}

#[test]
fn one_packet_of_an_entry_may_be_asked_for() {
    let target =
        format!("merge({}, {{ protocol = \"tcp\", from_port = 22, to_port = 22 }})", entry("100 allow -1 0.0.0.0/0"));
    let others = list("90 deny tcp 22 0.0.0.0/0");
    assert_eq!(
        eval(&format!("acl_shadow({target}, {others}, \"deny\") == null")).truth(),
        Truth::No,
        "SSH is denied before everything is admitted"
    );
}

#[test]
fn replies_are_let_through_or_not() {
    // What is asked for as `tcp from-to range`, the entries, and the answer.
    let table = [
        ("1024 65535 0.0.0.0/0", "100 allow tcp 1024-65535 0.0.0.0/0", "yes"),
        ("1024 65535 10.0.0.0/16", "100 allow -1 0.0.0.0/0", "yes"),
        ("1024 65535 0.0.0.0/0", "100 allow tcp 1024-65535 10.0.0.0/8", "no"),
        ("1024 65535 0.0.0.0/0", "100 allow tcp 32768-65535 0.0.0.0/0", "no"),
        ("1024 65535 0.0.0.0/0", "100 allow udp 1024-65535 0.0.0.0/0", "no"),
        ("1024 65535 0.0.0.0/0", "100 allow tcp 32768-65535 0.0.0.0/0, 200 allow tcp 1024-32767 0.0.0.0/0", "yes"),
        ("1024 65535 0.0.0.0/0", "90 deny -1 198.51.100.0/24, 100 allow -1 0.0.0.0/0", "yes"),
        ("1024 65535 0.0.0.0/0", "90 deny tcp 0-65535 0.0.0.0/0, 100 allow -1 0.0.0.0/0", "no"),
        ("1024 65535 0.0.0.0/0", "90 deny tcp 3389 0.0.0.0/0, 100 allow -1 0.0.0.0/0", "no"),
        ("1024 65535 0.0.0.0/0", "90 deny tcp 22 0.0.0.0/0, 100 allow -1 0.0.0.0/0", "yes"),
        ("1024 65535 10.1.0.0/16", "90 deny -1 10.0.0.0/8, 100 allow -1 0.0.0.0/0", "no"),
        ("1024 65535 0.0.0.0/0", "100 allow -1 0.0.0.0/0, 110 deny -1 0.0.0.0/0", "yes"),
        ("1024 65535 0.0.0.0/0", "", "no"),
        ("1024 65535 ::/0", "100 allow -1 0.0.0.0/0", "no"),
        ("1024 65535 ::/0", "100 allow -1 0.0.0.0/0, 101 allow -1 ::/0", "yes"),
        // Not known.
        ("1024 65535 0.0.0.0/0", "?", "?"),
        ("1024 65535 0.0.0.0/0", "100 allow tcp 1024-65535 10.0.0.0/8 + ?", "?"),
        ("1024 65535 0.0.0.0/0", "100 allow -1 0.0.0.0/0 + ?", "yes"),
        ("1024 65535 0.0.0.0/0", "90 deny -1 0.0.0.0/0 + ?", "?"),
        ("1024 65535 0.0.0.0/0", "100 allow -1 var.range", "?"),
        ("1024 65535 0.0.0.0/0", "100 var.action -1 0.0.0.0/0", "?"),
        ("1024 65535 0.0.0.0/0", "90 deny -1 var.range, 100 allow -1 0.0.0.0/0", "?"),
        ("1024 65535 0.0.0.0/0", "110 deny -1 var.range, 100 allow -1 0.0.0.0/0", "yes"),
        ("1024 65535 0.0.0.0/0", "var.n deny -1 0.0.0.0/0, 100 allow -1 0.0.0.0/0", "?"),
        ("1024 65535 0.0.0.0/0", "var.n allow -1 0.0.0.0/0", "?"),
        ("1024 65535 0.0.0.0/0", "100 allow tcp 1024-var.to 0.0.0.0/0", "?"),
        ("1024 65535 0.0.0.0/0", "100 allow udp 1024-var.to 0.0.0.0/0", "no"),
        ("1024 65535 0.0.0.0/0", "100 deny tcp 1024-var.to 0.0.0.0/0", "no"),
        ("1024 65535 var.range", "100 allow -1 0.0.0.0/0", "?"),
    ];
    let truth = |text: &str| match eval(text).truth() {
        Truth::Yes => "yes",
        Truth::No => "no",
        Truth::Undetermined => "?",
    };
    for (asked, entries, expected) in table {
        let mut words = asked.split(' ');
        let mut word = || words.next().unwrap_or_default();
        let (from, to, range) = (word(), word(), word());
        let range = if range.starts_with("var.") { range.to_owned() } else { format!("{range:?}") };
        let text = format!("acl_admits({}, \"tcp\", {from}, {to}, [{range}])", list(entries));
        assert_eq!(truth(&text), expected, "{asked} through {entries}");
    }
    assert_eq!(truth("acl_admits([], \"tcp\", 1024, 65535, [])"), "yes", "there is nothing to admit");
    assert_eq!(truth("acl_admits([], \"tcp\", 1024, var.x, [\"::/0\"])"), "?");
    assert_eq!(truth("acl_admits([], \"6\", 1024, 65535, [\"10.0.0.0\", \"::/0\"])"), "no");
}

#[test]
fn the_deny_that_decides_is_the_evidence() {
    let deny = entry("90 deny -1 0.0.0.0/0");
    let text = format!("acl_admits([{deny}], \"tcp\", 1024, 65535, [\"10.0.0.0/8\"])");
    assert_eq!(evidence(&text), deny);
}

#[test]
fn too_many_entries_are_given_up() {
    let one = entry("90 allow tcp 22 10.0.0.0/8");
    let many = format!("[{}]", vec![one.clone(); 101].join(", "));
    assert!(matches!(eval(&format!("acl_shadow({one}, {many}, null)")).kind, Kind::Unknown(_)));
    assert_eq!(eval(&format!("acl_admits({many}, \"tcp\", 1, 2, [\"10.0.0.0/8\"])")).truth(), Truth::Undetermined);
    let ranges = format!("[{}]", ["\"10.0.0.0/8\""; 5].join(", "));
    assert_eq!(eval(&format!("acl_admits([{one}], \"tcp\", 1, 2, {ranges})")).truth(), Truth::Undetermined);
}
