//! Parse, evaluate, judge, and whole runs over generated trees; time grows with the number of files.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use formwork::dialect::{Mode, cloudformation, terraform};
use formwork::rules::{Library, ParamValues, Rule};
use formwork::source::{FileId, Memory, Sources};
use formwork::syntax::hcl;
use formwork::value::Value;
use formwork::workspace::{Request, Selection, Units, analyse};
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A module as people write them: variables, locals, conditionals, blocks, references.
fn module(i: usize) -> String {
    format!(
        r#"
variable "name" {{
  type    = string
  default = "service-{i}"
}}
variable "encrypted" {{
  type    = bool
  default = {encrypted}
}}
locals {{
  tags = merge({{ Name = var.name }}, {{ Stage = "prod", Number = "{i}" }})
}}
resource "aws_security_group" "this" {{
  name        = "security-group-eu-central-1-${{var.name}}"
  description = "generated"
  dynamic "ingress" {{
    for_each = toset(["443", "80"])
    content {{
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["10.0.0.0/8"]
    }}
  }}
  tags = local.tags
}}
resource "aws_ebs_volume" "this" {{
  count             = 2
  availability_zone = "eu-central-1a"
  size              = 10 * (count.index + 1)
  encrypted         = var.encrypted
  tags              = local.tags
}}
resource "aws_instance" "this" {{
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.small"
  vpc_security_group_ids = [aws_security_group.this.id]
  metadata_options {{
    http_tokens = "required"
  }}
  tags = merge(local.tags, {{ Role = "web" }})
}}
"#,
        encrypted = !i.is_multiple_of(10)
    )
}

fn template(i: usize) -> String {
    format!(
        r"AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Stage: {{Type: String, Default: prod}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Volume{i}:
    Type: AWS::EC2::Volume
    Properties:
      AvailabilityZone: !Sub '${{AWS::Region}}a'
      Size: 10
      Encrypted: !If [IsProd, true, false]
  Images{i}:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: !Join ['/', [team, service-{i}]]
      ImageTagMutability: IMMUTABLE
      ImageScanningConfiguration: {{ScanOnPush: true}}
"
    )
}

/// Two thirds modules, one third templates.
fn tree(files: usize) -> (Memory, Units) {
    let mut fs = Memory::new();
    let mut units = Units::default();
    for i in 0..files {
        if i % 3 == 2 {
            let path = PathBuf::from(format!("stacks/{i}.yaml"));
            fs.insert(&path, template(i));
            units.candidates.push(path);
        } else {
            let dir = PathBuf::from(format!("modules/{i}"));
            let path = dir.join("main.tf");
            fs.insert(&path, module(i));
            units.modules.push((dir, vec![path]));
        }
    }
    (fs, units)
}

fn run(fs: &Memory, units: &Units) -> usize {
    let sources = Sources::new();
    let request = Request {
        fs,
        library: &Library::new(),
        selection: &Selection::default(),
        severity: &|_: &Rule| None,
        local: &|_: &Path| None,
        tuned: &FxHashSet::default(),
        params: &ParamValues::default(),
        naming: &Value::absent(),
        variables: &terraform::Inputs::default(),
        parameters: &cloudformation::Inputs::default(),
        module_map: &FxHashMap::default(),
        baseline: &|_: &Path| false,
    };
    analyse(units, &request, &sources).into_report(&sources).findings.len()
}

fn whole(c: &mut Criterion) {
    let mut group = c.benchmark_group("run");
    group.sample_size(10);
    for files in [100, 1_000, 10_000] {
        let (fs, units) = tree(files);
        group.throughput(Throughput::Elements(files as u64));
        group.bench_with_input(BenchmarkId::from_parameter(files), &units, |b, units| b.iter(|| run(&fs, units)));
    }
    group.finish();
}

struct Nothing;
impl terraform::Computed for Nothing {
    fn attribute(&self, _: Mode, _: &str, _: &str, _: &dyn Fn() -> Value, _: &dyn Fn() -> Value) -> Option<Value> {
        None
    }
}

fn parts(c: &mut Criterion) {
    let text: String = (0..100).map(module).collect();
    let mut group = c.benchmark_group("parse");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("hcl", |b| b.iter(|| hcl::parse(FileId(0), &text)));
    let yaml = template(1);
    group.throughput(Throughput::Bytes(yaml.len() as u64));
    group.bench_function("yaml", |b| b.iter(|| cloudformation::read(FileId(0), &yaml)));
    group.finish();

    let sources = Sources::new();
    let file = terraform::parse_file(PathBuf::from("main.tf"), module(1), &sources);
    let root = Arc::new(terraform::Module::new(PathBuf::new(), vec![("main.tf".to_owned(), Arc::new(file))]));
    let fs = Memory::new();
    let modules = terraform::Modules::default();
    let context = terraform::Context {
        sources: &sources,
        fs: &fs,
        modules: &modules,
        module_map: &FxHashMap::default(),
        computed: &Nothing,
        wanted: &|_, _| true,
        inputs: &terraform::Inputs::default(),
    };
    c.bench_function("evaluate/module", |b| b.iter(|| terraform::evaluate(&root, &context)));

    let mut types = rustc_hash::FxHashSet::default();
    types.extend(["aws_instance", "aws_ebs_volume", "aws_security_group"].map(str::to_owned));
    let loaded = Library::new().load_for(&types, false, &sources);
    let evaluated = terraform::evaluate(&root, &context);
    c.bench_function("judge/module", |b| {
        b.iter(|| {
            let graph = formwork::graph::Graph::build(&evaluated, &loaded.catalog, &sources, None);
            let settings = formwork::rules::Settings {
                params: &ParamValues::default(),
                tables: &loaded.tables,
                naming: &Value::absent(),
                severity: &|_: &Rule| None,
                local: &|_| None,
            };
            formwork::rules::judge(&loaded.rules, &graph, &loaded.catalog, &settings).len()
        });
    });
}

criterion_group!(benches, parts, whole);
criterion_main!(benches);
