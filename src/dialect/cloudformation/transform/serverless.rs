//! The serverless transform: what it makes of every kind of serverless resource is data, `rules/serverless/transform.json`; this is its
//! reader.
//!
//! A kind has the `type` it becomes, the properties that are `dropped`, those that are `set`, and the resources that are
//! there `also`, `when` a property is written or `unless` it is. Values are JSON; an object whose first key starts with a
//! dollar sign is an instruction: see [`Maker::instruction`].

use crate::dialect::Declaration;
use crate::dialect::cloudformation::evaluator::Evaluator;
use crate::dialect::cloudformation::scope::Scope;
use crate::source::Span;
use crate::syntax::document::Node;
use crate::value::{
    Arm, Cause, CauseKind, Entries, HopKind, Kind, List, Map, Piece, Rest, Str, Text, Trail, Truth, Value, When,
    to_text,
};
use rustc_hash::FxHashSet;
use serde_json::Value as Json;
use std::sync::{Arc, OnceLock};

/// The name of the transform.
pub(super) const NAME: &str = "AWS::Serverless-2016-10-31";

/// What the types of its resources start with.
const PREFIX: &str = "AWS::Serverless::";

/// The interfaces it makes of events that name none: the type of the event, the property that would name one, the
/// logical id.
const IMPLIED: [(&str, &str, &str); 2] =
    [("Api", "RestApiId", "ServerlessRestApi"), ("HttpApi", "ApiId", "ServerlessHttpApi")];

fn kinds() -> &'static Json {
    static KINDS: OnceLock<Json> = OnceLock::new();
    KINDS.get_or_init(|| {
        serde_json::from_str(include_str!("../../../../rules/serverless/transform.json")).unwrap_or_default()
    })
}

/// The statements of the policy templates.
fn policies() -> &'static Json {
    static POLICIES: OnceLock<Json> = OnceLock::new();
    POLICIES.get_or_init(|| {
        serde_json::from_str(include_str!("../../../../rules/serverless/policies.json")).unwrap_or_default()
    })
}

/// The resources it declares on its own.
pub(super) fn generated(evaluator: &Evaluator<'_, '_>) -> FxHashSet<Str> {
    let mut out: FxHashSet<Str> = implied(evaluator).into_iter().map(|i| Str::from(i.id)).collect();
    for resource in &evaluator.resources {
        let Some(kind) = resource.node.get("Type").and_then(Node::text).and_then(|t| t.strip_prefix(PREFIX)) else {
            continue;
        };
        let properties = resource.node.get("Properties");
        let written = |name: &Json| name.as_str().is_some_and(|n| properties.and_then(|p| p.get(n)).is_some());
        for also in list(&kinds()[kind]["also"]) {
            if also["infix"].is_null()
                && !written(&also["unless"])
                && (also["when"].is_null() || written(&also["when"]))
            {
                out.insert(Str::from(format!("{}{}", resource.name, text(&also["suffix"]))));
            }
        }
        if written(&Json::from("AutoPublishAlias")) {
            // How a template calls the alias and the version that are published.
            out.extend(["Alias", "Version"].map(|what| Str::from(format!("{}.{what}", resource.name))));
        }
        for event in properties.and_then(|p| p.get("Events")).and_then(Node::entries).unwrap_or(&[]) {
            let of = event.value.get("Type").and_then(Node::text).map(|of| &kinds()[kind]["events"][of]);
            if let (Some(name), Some(of)) = (event.key.text(), of) {
                let suffixes = list(of).iter().map(|also| text(&also["suffix"]));
                out.extend(suffixes.map(|suffix| Str::from(format!("{}{name}{suffix}", resource.name))));
            }
        }
    }
    out
}

/// Merges `Globals` into the properties of a serverless resource: its own win, lists are joined.
pub(super) fn with_globals(
    evaluator: &Evaluator<'_, '_>,
    type_name: &str,
    attributes: Value,
    header: Span,
    scope: &Scope,
) -> Value {
    let Some(kind) = type_name.strip_prefix(PREFIX) else { return attributes };
    let Some(globals) = evaluator.section("Globals").and_then(|g| g.get(kind)) else { return attributes };
    merged(&evaluator.value(globals, scope), attributes, header)
}

fn merged(global: &Value, own: Value, header: Span) -> Value {
    match (&global.kind, &own.kind) {
        (Kind::Map(outer), Kind::Map(inner)) => {
            let mut entries = inner.entries.clone();
            for (key, value) in &outer.entries {
                let value = match entries.get(key) {
                    Some(own) => merged(value, own.clone(), header),
                    None => value.clone().used_at(header),
                };
                entries.insert(key.clone(), value);
            }
            let map = Map { entries, rest: inner.rest.clone() };
            Value { kind: Kind::Map(Arc::new(map)), ..own }
        }
        (Kind::List(outer), Kind::List(inner)) => {
            let given = outer.items.iter().map(|v| v.clone().used_at(header));
            let items = given.chain(inner.items.iter().cloned()).collect();
            let open = outer.open.clone().or_else(|| inner.open.clone());
            Value { kind: Kind::List(Arc::new(List { items, open, set: inner.set })), ..own }
        }
        (_, Kind::Absent) => global.clone().used_at(header),
        _ => own,
    }
}

/// What a serverless resource becomes; itself when it is none, or of a kind that is not known.
pub(super) fn expand(evaluator: &Evaluator<'_, '_>, declaration: Declaration) -> Vec<Declaration> {
    let spec = declaration.type_name.strip_prefix(PREFIX).map(|kind| &kinds()[kind]);
    let Some(spec) = spec.filter(|s| s.is_object()) else { return vec![declaration] };
    let maker = Maker { evaluator, own: &declaration, event: None };
    let mut out = Vec::new();
    for also in list(&spec["also"]) {
        let mut exists = declaration.exists;
        if let [path, wanted] = list(&also["equals"]) {
            exists = exists.and(maker.property(text(path)).equals(&text(wanted).into()));
        }
        if let Some(path) = also["unless"].as_str() {
            exists = exists.and(!maker.presence(path));
        }
        if let Some(path) = also["when"].as_str() {
            exists = exists.and(maker.presence(path));
        }
        if exists == Truth::No {
            continue;
        }
        let infix = also["infix"].as_str().map(|path| to_text(&maker.property(path)));
        let infix = infix.as_ref().and_then(Value::as_str).unwrap_or("");
        let end = also["infix_after"].as_str().map(|path| to_text(&maker.property(path)));
        let end = end.as_ref().and_then(Value::as_str).unwrap_or("");
        let suffix = format!("{infix}{}{end}", text(&also["suffix"]));
        let cause = ["unless", "when"].iter().filter_map(|k| also[*k].as_str()).find_map(|p| maker.property(p).cause());
        let under = |key: &str, written| also[key].as_str().map_or_else(When::always, |p| maker.under(p, written));
        let when = declaration.when.and(&under("unless", false)).and(&under("when", true));
        out.push(Declaration {
            type_name: text(&also["type"]).into(),
            address: format!("{}{suffix}", declaration.address).into(),
            attributes: maker.make(&also["set"]).with_trail(Trail::block(declaration.header)),
            // Nothing can be written into what is not written.
            body: Span { start: declaration.header.end, ..declaration.header },
            exists_cause: declaration.exists_cause.clone().or(cause).filter(|_| exists == Truth::Undetermined),
            when,
            exists,
            meta: maker.meta(),
            ..declaration.clone()
        });
    }
    out.extend(of_events(&maker, &spec["events"]));
    let set = maker.make(&spec["set"]);
    let mut attributes = declaration.attributes.clone();
    if let (Kind::Map(own), Kind::Map(set)) = (&declaration.attributes.kind, &set.kind) {
        let dropped: Vec<&str> = list(&spec["dropped"]).iter().map(text).collect();
        let mut entries: Entries = own
            .entries
            .iter()
            .filter(|(k, _)| !dropped.contains(&k.as_str()))
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect();
        entries.extend(set.entries.iter().map(|(k, v)| (k.clone(), v.clone())));
        attributes.kind = Kind::Map(Arc::new(Map { entries, rest: own.rest.clone() }));
    }
    let main =
        Declaration { type_name: text(&spec["type"]).into(), attributes, meta: maker.meta(), ..declaration.clone() };
    out.insert(0, main);
    out
}

/// What the events of a serverless resource become: declared where the event is written.
fn of_events(maker: &Maker<'_, '_, '_>, kinds: &Json) -> Vec<Declaration> {
    let own = maker.own;
    let events = maker.property("Events");
    let Kind::Map(map) = &events.kind else { return Vec::new() };
    let mut out = Vec::new();
    for (name, event) in &map.entries {
        let header = event.trail.span().unwrap_or(own.header);
        let of = event.get("Type");
        let Some(of) = of.as_str().map(|of| &kinds[of]) else { continue };
        let maker = Maker { event: Some(event.get("Properties")), evaluator: maker.evaluator, own };
        for also in list(of) {
            out.push(Declaration {
                type_name: text(&also["type"]).into(),
                address: format!("{}{name}{}", own.address, text(&also["suffix"])).into(),
                attributes: maker.make(&also["set"]).with_trail(Trail::block(header)),
                header,
                body: Span { start: header.end, ..header },
                meta: maker.meta(),
                ..own.clone()
            });
        }
    }
    out
}

/// An interface that events imply.
pub(super) struct Implied {
    /// The kind of serverless resource.
    pub(super) kind: &'static str,
    /// Its logical id.
    pub(super) id: &'static str,
    /// The first event that implies it.
    pub(super) span: Span,
}

/// The interfaces that the events of functions imply.
pub(super) fn implied(evaluator: &Evaluator<'_, '_>) -> Vec<Implied> {
    let mut out: Vec<Implied> = Vec::new();
    for resource in &evaluator.resources {
        let serverless = resource.node.get("Type").and_then(Node::text).is_some_and(|t| t.starts_with(PREFIX));
        let events = resource.node.get("Properties").and_then(|p| p.get("Events")).and_then(Node::entries);
        for event in events.filter(|_| serverless).unwrap_or(&[]) {
            for (kind, names, id) in IMPLIED {
                let is = event.value.get("Type").and_then(Node::text) == Some(kind);
                let named = event.value.get("Properties").is_some_and(|p| p.get(names).is_some());
                if is && !named && !out.iter().any(|i| i.id == id) {
                    out.push(Implied { kind, id, span: event.key.span });
                }
            }
        }
    }
    out
}

/// The type and the properties of an interface that events imply.
pub(super) fn implied_properties(evaluator: &Evaluator<'_, '_>, implied: &Implied) -> (Str, Value) {
    let type_name = Str::from(format!("{PREFIX}{}", implied.kind));
    let mut entries = Entries::default();
    if implied.kind == "Api" {
        let stage = Trail::one(HopKind::CatalogDefault, "", implied.span);
        entries.insert("StageName".into(), Value::from("Prod").with_trail(stage));
    }
    let own = Value::map(entries).written_at(implied.span);
    let attributes = with_globals(evaluator, &type_name, own, implied.span, &Scope::default());
    (type_name, attributes)
}

fn list(json: &Json) -> &[Json] {
    json.as_array().map_or(&[], Vec::as_slice)
}

fn text(json: &Json) -> &str {
    json.as_str().unwrap_or("")
}

/// Makes values as the data says.
struct Maker<'e, 't, 's> {
    evaluator: &'e Evaluator<'t, 's>,
    own: &'e Declaration,
    /// The properties of the event that something is made of.
    event: Option<Value>,
}

impl Maker<'_, '_, '_> {
    /// A property of the serverless resource, by its path.
    fn property(&self, path: &str) -> Value {
        let mut value = self.own.attributes.clone();
        for key in path.split('.') {
            value = value.get(key);
        }
        value
    }

    /// Whether a property is written.
    fn presence(&self, path: &str) -> Truth {
        let value = self.property(path);
        match &value.kind {
            Kind::Absent | Kind::Null => Truth::No,
            Kind::Choice(arms) => Truth::agree(arms.iter().map(|a| Truth::from(!a.value.is_unset()))),
            // The whole map may hold it.
            Kind::Unknown(_) if self.own.attributes.as_map().is_some_and(|m| !m.entries.contains_key(path)) => {
                Truth::Undetermined
            }
            _ => Truth::Yes,
        }
    }

    /// The metadata of what is made, with the type that the author wrote: a fix has to be spelled for that.
    fn meta(&self) -> Value {
        let mut entries = self.own.meta.as_map().map(|m| m.entries.clone()).unwrap_or_default();
        entries.insert("(transform)".into(), Value::from(self.own.type_name.clone()).written_at(self.own.header));
        Value::map(entries).with_trail(self.own.meta.trail.clone())
    }

    /// Something that the transform adds.
    fn added(&self, value: impl Into<Value>) -> Value {
        value.into().with_trail(Trail::one(HopKind::CatalogDefault, "", self.own.header))
    }

    fn make(&self, json: &Json) -> Value {
        match json {
            Json::Null => Value::absent(),
            Json::Bool(b) => self.added(*b),
            Json::Number(n) => self.added(n.as_i64().unwrap_or_default()),
            Json::String(s) => self.added(s.as_str()),
            Json::Array(items) => {
                let items = items.iter().map(|i| self.make(i)).filter(|v| !v.is_unset()).collect();
                self.added(Value::list(items))
            }
            Json::Object(object) => {
                if let Some((name, _)) = object.iter().find(|(k, _)| k.starts_with('$')) {
                    return self.instruction(name, json);
                }
                let mut entries = Entries::default();
                let mut trail = Trail::none();
                for (key, json) in object {
                    let value = self.make(json);
                    if !matches!(value.kind, Kind::Absent) {
                        trail = trail.or(&value.trail);
                        entries.insert(key.as_str().into(), value);
                    }
                }
                // A group of properties none of which is written is not written.
                if entries.is_empty() { Value::absent() } else { Value::map(entries).with_trail(trail) }
            }
        }
    }

    /// The instructions: `$property` a path; `$ref` a suffix and an attribute of what is made; `$sub` a string with pseudo
    /// parameters; `$first` of several that is there; `$present` and `$absent` a path, `then` a value; `$unknown` a reason;
    /// `$tags` a path to a map; `$initial` of a string; `$managed` and `$inline` policies; `$endpoint` the short form of an
    /// endpoint configuration.
    fn instruction(&self, name: &str, json: &Json) -> Value {
        let header = self.own.header;
        let argument = &json[name];
        let path = text(argument);
        match name {
            "$property" => {
                let value = self.property(path);
                if matches!(value.kind, Kind::Absent) { Value::absent() } else { value }
            }
            "$ref" => {
                let suffix = text(&argument[0]);
                Value::after_apply(format!("{}{suffix}", self.own.address), text(&argument[1])).written_at(header)
            }
            "$sub" => self.with_pseudo_parameters(path),
            "$first" => self.first(list(argument)),
            "$event" => {
                let event = self.event.clone().unwrap_or_else(Value::absent);
                path.split('.').fold(event, |value, key| value.get(key))
            }
            "$at" => {
                let made = self.make(&json["then"]);
                made.with_trail(self.property(path).trail.clone()).written_at(header)
            }
            "$listens" if self.listens_to(path) => self.make(&json["then"]),
            "$present" if self.presence(path) != Truth::No => self.make(&json["then"]),
            "$absent" if self.presence(path) == Truth::No => self.make(&json["then"]),
            "$unknown" => Value::unknown(Cause::at(CauseKind::Unsupported, path, header)).written_at(header),
            "$tags" => tags(&self.property(path)),
            "$initial" => {
                let value = self.property(path);
                match value.as_str().and_then(|s| s.get(..1)) {
                    Some(initial) => Value::from(initial).with_trail(value.trail.clone()),
                    None => value,
                }
            }
            "$managed" => {
                let mut items: Vec<Value> =
                    list(&json["base"]).iter().map(|j| self.make(j)).filter(|v| !v.is_unset()).collect();
                let (policies, open) = self.policies(path);
                items.extend(policies.iter().filter(|p| p.as_map().is_none()).map(|p| self.managed(p)));
                let list = List { items, open, set: false };
                if list.items.is_empty() && list.open.is_none() {
                    return Value::absent();
                }
                Value::from(Kind::List(Arc::new(list))).with_trail(self.property(path).trail.clone()).written_at(header)
            }
            "$inline" => {
                let (policies, _) = self.policies(path);
                let documents = policies.iter().filter(|p| p.as_map().is_some()).enumerate();
                let items: Vec<Value> = documents.map(|(i, p)| self.inline(i, p)).collect();
                if items.is_empty() {
                    return Value::absent();
                }
                Value::list(items).with_trail(self.property(path).trail.clone())
            }
            "$endpoint" => {
                let value = self.property(path);
                match &value.kind {
                    Kind::String(_) => {
                        let mut entries = Entries::default();
                        let trail = value.trail.clone();
                        entries.insert("Types".into(), Value::list(vec![value]).with_trail(trail.clone()));
                        Value::map(entries).with_trail(trail)
                    }
                    Kind::Map(map) if map.entries.contains_key("Type") => {
                        let mut entries = map.entries.clone();
                        if let Some(kind) = entries.shift_remove("Type") {
                            let trail = kind.trail.clone();
                            entries.insert("Types".into(), Value::list(vec![kind]).with_trail(trail));
                        }
                        Value { kind: Kind::Map(Arc::new(Map { entries, rest: map.rest.clone() })), ..value }
                    }
                    Kind::Absent => Value::absent(),
                    _ => value,
                }
            }
            _ => Value::absent(),
        }
    }

    /// Whether an event of a type is among the events.
    fn listens_to(&self, kind: &str) -> bool {
        let events = self.property("Events");
        let Kind::Map(map) = &events.kind else { return false };
        map.entries.values().any(|event| event.get("Type").as_str() == Some(kind))
    }

    /// The first alternative that is there, under every condition that decides about it.
    fn first(&self, alternatives: &[Json]) -> Value {
        let Some((first, others)) = alternatives.split_first() else { return Value::absent() };
        let value = self.make(first);
        let optional = |arms: &[Arm]| arms.iter().any(|a| a.value.is_unset());
        match &value.kind {
            Kind::Absent | Kind::Null => self.first(others),
            Kind::Choice(arms) if optional(arms) => {
                value.map_arms(|arm| if arm.is_unset() { self.first(others) } else { arm.clone() })
            }
            _ => value,
        }
    }

    /// The decisions under which a property is written, or not.
    fn under(&self, path: &str, written: bool) -> When {
        let value = self.property(path);
        match &value.kind {
            Kind::Choice(arms) => {
                let arms = arms.iter().filter(|a| a.value.is_unset() != written);
                arms.fold(When::never(), |when, arm| when.or(&arm.when))
            }
            _ if self.presence(path) == Truth::Undetermined => When::unnamed(),
            _ => When::always(),
        }
    }

    fn with_pseudo_parameters(&self, text: &str) -> Value {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once("${") {
            let (name, after) = behind.split_once('}').unwrap_or((behind, ""));
            parts.push(Value::from(before));
            parts.push(self.evaluator.named_value(name, self.own.header, &Scope::default()));
            rest = after;
        }
        parts.push(Value::from(rest));
        self.added(Value::concat(&parts))
    }

    /// The policies of a function as a list, and why there may be more.
    fn policies(&self, path: &str) -> (Vec<Value>, Option<Arc<Cause>>) {
        let value = self.property(path);
        match &value.kind {
            Kind::List(list) => (list.items.iter().map(|i| value.inside(i)).collect(), list.open.clone()),
            Kind::Absent | Kind::Null => (Vec::new(), None),
            Kind::Unknown(cause) => (Vec::new(), Some(cause.clone())),
            Kind::Choice(_) => (Vec::new(), value.cause()),
            _ => (vec![value.clone()], None),
        }
    }

    /// A managed policy: by its name or its ARN. The path of one that is named is the transform's knowledge.
    fn managed(&self, policy: &Value) -> Value {
        match policy.as_str() {
            Some(name) if !name.starts_with("arn:") => {
                let hole =
                    |what: &str| Piece::Hole(Value::unknown(Cause::at(CauseKind::Unsupported, what, self.own.header)));
                let partition = self.evaluator.named_value("AWS::Partition", self.own.header, &Scope::default());
                Text::join([
                    Piece::Known("arn:".into()),
                    partition.piece(),
                    // The path is empty or starts with a slash, as in `policy/service-role/Name`.
                    Piece::Known(":iam::aws:policy".into()),
                    hole("the path of the policy is known to the transform"),
                    Piece::Known(format!("/{name}").into()),
                ])
                .with_trail(policy.trail.clone())
            }
            _ => policy.clone(),
        }
    }

    fn inline(&self, index: usize, policy: &Value) -> Value {
        let mut entries = Entries::default();
        let name = format!("{}RolePolicy{index}", self.own.address);
        entries.insert("PolicyName".into(), self.added(name));
        let document = policy.as_map().filter(|m| m.entries.contains_key("Statement"));
        let template = policy.as_map().and_then(|m| m.entries.get_index(0));
        let value = match (document, template) {
            (Some(_), _) => policy.clone(),
            (None, Some((name, given))) if policies()[name.as_str()].is_array() => {
                let trail = policy.inside(given).trail;
                let mut document = Entries::default();
                let statements = self.filled(&policies()[name.as_str()], given, &trail);
                document.insert("Statement".into(), statements);
                Value::map(document).with_trail(trail)
            }
            (None, template) => {
                let name = template.map_or("", |(name, _)| name.as_str());
                let what = format!("the policy template {name} is filled in by the transform");
                let place = policy.trail.span().unwrap_or(self.own.header);
                Value::unknown(Cause::at(CauseKind::Unsupported, what, place)).with_trail(policy.trail.clone())
            }
        };
        entries.insert("PolicyDocument".into(), value);
        Value::map(entries).with_trail(policy.trail.clone())
    }

    /// A part of a policy template with what it is given; all of it stands where the template is named.
    fn filled(&self, json: &Json, given: &Value, trail: &Trail) -> Value {
        let value = match json {
            Json::String(text) => {
                let mut parts = Vec::new();
                let mut rest = text.as_str();
                while let Some((before, behind)) = rest.split_once("${") {
                    let (name, after) = behind.split_once('}').unwrap_or((behind, ""));
                    parts.push(Value::from(before));
                    let own = given.get(name);
                    parts.push(if own.is_unset() && name.contains("::") {
                        self.evaluator.named_value(name, self.own.header, &Scope::default())
                    } else {
                        own
                    });
                    rest = after;
                }
                match (parts.as_slice(), rest) {
                    // A value alone may be a list.
                    ([before, only], "") if before.as_str() == Some("") => only.clone(),
                    _ => {
                        parts.push(Value::from(rest));
                        Value::concat(&parts)
                    }
                }
            }
            Json::Array(items) => Value::list(items.iter().map(|i| self.filled(i, given, trail)).collect()),
            Json::Object(object) => {
                let entries = object.iter().map(|(k, v)| (Str::from(k.as_str()), self.filled(v, given, trail)));
                Value::map(entries.collect())
            }
            _ => self.make(json),
        };
        value.with_trail(trail.clone())
    }
}

/// A map of tags as a list of keys and values.
fn tags(value: &Value) -> Value {
    let Kind::Map(map) = &value.kind else {
        return if value.is_unset() { Value::absent() } else { value.clone() };
    };
    let items = map.entries.iter().map(|(key, tag)| {
        let mut entries = Entries::default();
        entries.insert("Key".into(), Value::from(key.clone()).with_trail(tag.trail.clone()));
        entries.insert("Value".into(), tag.clone());
        Value::map(entries).with_trail(tag.trail.clone())
    });
    let open = match &map.rest {
        Rest::Open(cause) => Some(cause.clone()),
        _ => None,
    };
    let list = List { items: items.collect(), open, set: false };
    Value::from(Kind::List(Arc::new(list))).with_trail(value.trail.clone())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_data_is_read() {
        let kinds = super::kinds().as_object().expect("an object");
        assert!(kinds.len() >= 7);
        for (name, kind) in kinds {
            assert!(kind["type"].is_string() && kind["set"].is_object(), "{name}");
        }
    }
}
