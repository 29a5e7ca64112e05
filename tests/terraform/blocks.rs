//! Blocks and arguments that are not resources: overrides, providers, what newer versions brought.

use crate::world::world;
use formwork::source::Sources;
use formwork::value::{Kind, Value, to_text};

/// The text of the attribute's first place, found in the files it may be in.
fn version(files: &[(&str, String)], address: &str) -> Option<String> {
    world(files).get(address).provider.get("version").as_str().map(str::to_owned)
}

#[test]
fn every_block_of_newer_versions_is_read() {
    let text = r#"
terraform {
  required_version = ">= 1.5"
  encryption {
    key_provider "pbkdf2" "mine" {
      passphrase = var.secret
    }
  }
}
variable "secret" {
  ephemeral = true
  sensitive = true
}
ephemeral "x_secret" "s" {
  name = "n"
}
moved {
  from = x_y.old
  to   = x_y.z
}
import {
  for_each = { a = "b" }
  to       = x_y.imported[each.key]
  id       = each.value
}
removed {
  from = x_y.gone
  lifecycle {
    destroy = false
  }
}
check "c" {
  data "x_d" "e" {
    name = "n"
  }
  assert {
    condition     = data.x_d.e.ok && provider::x::fine(1)
    error_message = "no"
  }
}
resource "x_y" "z" {
  secret_wo         = ephemeral.x_secret.s.value
  secret_wo_version = 1
  parsed            = provider::x::parse("a", ["b"]...)
  legacy            = "${"a"}"
  conditional       = { for k, v in { a = 1 } : k => v > 0 ?
    "more" :
    "less" }
}
"#;
    let world = world(&[("main.tf", text.to_owned())]);
    assert!(world.faults.is_empty(), "{:?}", world.faults);
    assert!(world.mistakes().is_empty(), "{:?}", world.mistakes());
    assert_eq!(world.roots.iter().map(|r| r.declarations.len()).sum::<usize>(), 1);
    assert!(world.attribute("x_y.z", "secret_wo").is_unknown());
    assert!(world.attribute("x_y.z", "parsed").is_unknown());
    assert_eq!(world.attribute("x_y.z", "legacy").as_str(), Some("a"));
    assert_eq!(world.attribute("x_y.z", "conditional").get("a").as_str(), Some("more"));
}

#[test]
fn the_version_of_a_provider_comes_from_the_module_or_from_above() {
    let required = |version: &str| {
        format!(
            "terraform {{\n  required_providers {{\n    x = {{\n      source  = \"a/x\"\n      version = \"{version}\"\n    }}\n  }}\n}}\n"
        )
    };
    let call = "module \"m\" {\n  source = \"./m\"\n}\n";
    let used = "resource \"x_y\" \"z\" {}\n".to_owned();
    let own = [("main.tf", required("~> 4.0") + call), ("m/main.tf", required(">= 3") + &used)];
    assert_eq!(version(&own, "module.m.x_y.z").as_deref(), Some(">= 3"));
    let above = [("main.tf", required("~> 4.0") + call), ("m/main.tf", used.clone())];
    assert_eq!(version(&above, "module.m.x_y.z").as_deref(), Some("~> 4.0"));
    let legacy = [("main.tf", format!("provider \"x\" {{\n  version = \"~> 2.0\"\n}}\n{}{used}", required("4.0")))];
    assert_eq!(version(&legacy, "x_y.z").as_deref(), Some("~> 2.0"));
    let none = [("main.tf", used)];
    assert_eq!(version(&none, "x_y.z"), None);
}

#[test]
fn a_value_that_wins_in_an_override_is_found_there() {
    let files = [
        ("main.tf", "resource \"x_y\" \"z\" {\n  a = 1\n  b = 1\n}\n".to_owned()),
        ("main_override.tf", "resource \"x_y\" \"z\" {\n  b = 2\n}\n".to_owned()),
        ("x.tf", "variable \"u\" {}\n".to_owned()),
        ("x.tofu", "resource \"x_y\" \"tofu\" {}\n".to_owned()),
    ];
    let world = world(&files);
    let sources: &Sources = &world.sources;
    let place = |name: &str| {
        let span = world.attribute("x_y.z", name).trail.span().expect("a place");
        sources.get(span.file).name.clone()
    };
    assert_eq!(place("a"), "main.tf");
    assert_eq!(place("b"), "main_override.tf");
    assert_eq!(world.attribute("x_y.z", "b").as_number().and_then(formwork::value::Number::as_i64), Some(2));
}

#[test]
fn the_source_of_a_module_may_come_from_a_variable() {
    let call = "variable \"dir\" {\n  default = \"m\"\n}\nmodule \"m\" {\n  source = \"./${var.dir}\"\n}\n";
    let world = world(&[("main.tf", call.to_owned()), ("m/main.tf", "resource \"x_y\" \"z\" {}\n".to_owned())]);
    world.get("module.m.x_y.z");
}

/// A list of instances of which some may not exist is one of several lists, one for each number there may be of them.
#[test]
fn instances_that_may_not_exist_are_one_of_several_lists() {
    let text = |expression: &str| {
        format!(
            r#"
variable "on" {{
  type = bool
}}
variable "n" {{
  type = number
}}
resource "x_y" "a" {{
  count = var.on ? 1 : 0
  v     = "a"
}}
resource "x_y" "b" {{
  count = var.on ? 2 : 1
  v     = "b${{count.index}}"
}}
resource "x_y" "many" {{
  count = var.n
  v     = "c"
}}
resource "x_y" "z" {{
  v = {expression}
}}
"#
        )
    };
    let table = [
        ("one(x_y.a[*].v)", "a | null"),
        ("one(x_y.a.*.v)", "a | null"),
        (r#"join("", x_y.a[*].v)"#, "a | "),
        (r#"join(",", x_y.b[*].v)"#, "b0,b1 | b0"),
        ("length(x_y.b)", "2 | 1"),
        ("x_y.b[0].v", "b0"),
        ("x_y.a[0].v", "a"),
        ("one(x_y.many[*].v)", "?"),
    ];
    for (expression, expected) in table {
        let found = world(&[("main.tf", text(expression))]).get("x_y.z").attributes.get("v");
        let said = |value: &Value| match &value.kind {
            Kind::Null => "null".to_owned(),
            _ => to_text(value).as_str().map_or_else(|| "?".to_owned(), ToOwned::to_owned),
        };
        let found = match &found.kind {
            Kind::Choice(arms) => arms.iter().map(|a| said(&a.value)).collect::<Vec<_>>().join(" | "),
            _ => said(&found),
        };
        assert_eq!(found, expected, "{expression}");
    }
}
