#!/usr/bin/env python3
"""Compares what formwork knows of Terraform configurations with what `terraform plan` knows.

For every root module given, a copy is planned offline (`-refresh=false`, dummy credentials, providers from a local
mirror) and every attribute value that `formwork graph --format json` claims to know is compared with the plan.
A known value that differs is WRONG and makes the exit code 1; what the plan knows and formwork does not is MISSED.

    terraform_plan.py --plugins MIRROR --formwork target/debug/formwork \
        --module vpc=/path/to/terraform-aws-vpc ... ROOT...

The mirror has the layout of Terraform's `filesystem_mirror`; it may be given as FORMWORK_TF_PLUGINS. With `--module`
the registry module `terraform-aws-modules/NAME/aws` is taken from a folder, and roots inside that folder are planned
with all of it. Both programs read the same copy, in which

* data sources that would ask AWS become locals with made-up values, `aws_iam_policy_document` stays;
* resources of providers other than `aws` and modules that are not here become `terraform_data`;
* version constraints, backends and `depends_on` go, and so do arguments that the provider at hand does not have;
  an attribute that it does not have is read as `id`.

`--record` writes the values of the plan beside each root as `expected.json`, for tests that run without Terraform.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

# Made-up answers of data sources that need the network.
DATA = {
    "aws_availability_zones": '{ id = "eu-west-1", names = ["eu-west-1a", "eu-west-1b", "eu-west-1c"], '
    'zone_ids = ["euw1-az1", "euw1-az2", "euw1-az3"], group_names = ["eu-west-1"] }',
    "aws_caller_identity": '{ id = "123456789012", account_id = "123456789012", user_id = "AIDA", '
    'arn = "arn:aws:iam::123456789012:user/someone" }',
    "aws_partition": '{ id = "aws", partition = "aws", dns_suffix = "amazonaws.com", reverse_dns_prefix = "com.amazonaws" }',
    "aws_region": '{ id = "eu-west-1", name = "eu-west-1", region = "eu-west-1", endpoint = "ec2.eu-west-1.amazonaws.com" }',
    "aws_canonical_user_id": '{ id = "0123456789abcdef", display_name = "someone" }',
    "aws_cloudfront_log_delivery_canonical_user_id": '{ id = "c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0" }',
    "aws_ami": '{ id = "ami-0123456789abcdef0", image_id = "ami-0123456789abcdef0", root_device_name = "/dev/xvda", '
    'architecture = "x86_64", platform = "" }',
    "aws_ssm_parameter": '{ id = "/p", value = "ami-0fedcba9876543210", insecure_value = "ami-0fedcba9876543210", arn = "arn:aws:ssm:eu-west-1::parameter/p" }',
    "aws_subnet": '{ id = "subnet-0123456789abcdef0", vpc_id = "vpc-0123456789abcdef0", availability_zone = "eu-west-1a", '
    'availability_zone_id = "euw1-az1", cidr_block = "10.0.0.0/24", arn = "arn:aws:ec2:eu-west-1:123456789012:subnet/subnet-0", '
    'outpost_arn = "" }',
    "aws_iam_session_context": '{ issuer_arn = "arn:aws:iam::123456789012:role/someone", issuer_name = "someone" }',
    "aws_eks_addon_version": '{ id = "addon", version = "v1.2.3-eksbuild.1" }',
    "aws_eks_cluster_versions": '{ cluster_versions = [{ cluster_version = "1.33", default_version = true }] }',
    "aws_ec2_instance_type": '{ id = "m5.large", maximum_network_interfaces = 3, supported_architectures = ["x86_64"], '
    'efa_supported = true, efa_maximum_interfaces = 1, maximum_network_cards = 1 }',
    "aws_outposts_outpost": '{ id = "op-1", arn = "arn:aws:outposts:eu-west-1:123456789012:outpost/op-1", availability_zone = "eu-west-1a" }',
    "aws_service_principal": '{ id = "s", name = "ec2.amazonaws.com", service_name = "ec2", suffix = "amazonaws.com", region = "eu-west-1" }',
    "aws_arn": '{ id = "a", partition = "aws", service = "sqs", region = "eu-west-1", account = "123456789012", resource = "queue" }',
    "aws_ssoadmin_instances": '{ arns = ["arn:aws:sso:::instance/i"], identity_store_ids = ["d-1"] }',
    "aws_identitystore_group": '{ id = "g", group_id = "g-1" }',
    "aws_ecrpublic_authorization_token": '{ user_name = "u", password = "p" }',
    "aws_vpc_endpoint_service": '{ id = "s", service_name = "com.amazonaws.eu-west-1.s3", service_type = "Interface" }',
    "cloudinit_config": '{ id = "c", rendered = "IyEvYmluL2Jhc2gK" }',
    "tls_certificate": '{ certificates = [{ sha1_fingerprint = "0123456789abcdef0123456789abcdef01234567" }] }',
    "http": '{ response_body = "192.0.2.1", body = "192.0.2.1" }',
}
REAL_DATA = {"aws_iam_policy_document"}
SETTINGS = """terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}
"""
PROVIDER = """provider "aws" {{{alias}
  access_key                  = "mock"
  secret_key                  = "mock"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
}}
"""


class Skip(Exception):
    """The root cannot be planned here; why."""


def run(command, cwd, env, timeout=600):
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=timeout, check=False)


# ---- rewriting ----


def top_blocks(text):
    """The top-level blocks of formatted HCL: (start, end, kind, labels)."""
    for match in re.finditer(r'^(\w+)((?: +"[^"\n]*")*) *\{(?:.*\}[ \t]*$|(?s:.*?)^\})', text, re.M):
        yield match.start(), match.end(), match.group(1), re.findall(r'"([^"]*)"', match.group(2))


def meta(block, name):
    """The expression of `count` or `for_each` in a block."""
    match = re.search(r"^  " + name + r"\s*=\s*(.*)$", block, re.M)
    if not match:
        return None
    text = match.group(1)
    # An expression that goes on: take lines until its brackets are closed.
    rest = block[match.end():]
    while sum(map(text.count, "([{")) > sum(map(text.count, ")]}")) and rest.startswith("\n"):
        line, _, tail = rest[1:].partition("\n")
        text, rest = text + "\n" + line, "\n" + tail
    return text


def stub_data(type_name, name, block):
    value = DATA.get(type_name)
    if value is None:
        raise Skip(f"no stub for data.{type_name}")
    count, for_each = meta(block, "count"), meta(block, "for_each")
    if count:
        value = f"[for i in range({count}) : {value}]"
    elif for_each:
        value = f"{{ for k in keys({{ for k, v in {for_each} : k => 1 }}) : k => {value} }}"
    return f"locals {{\n  data_{type_name}_{name} = {value}\n}}"


def stub_resource(type_name, name, block):
    lines = [f'resource "terraform_data" "{type_name}_{name}" {{']
    for argument in ("count", "for_each"):
        if meta(block, argument):
            lines.append(f"  {argument} = {meta(block, argument)}")
    if meta(block, "triggers"):
        lines.append(f"  input = {meta(block, 'triggers')}")
    return "\n".join(lines + ["}"])


def rewrite_file(path, modules, root):
    text = path.read_text()
    out, at, foreign = [], 0, []
    for start, end, kind, labels in top_blocks(text):
        block = text[start:end]
        if kind == "data" and labels[0] not in REAL_DATA:
            block = stub_data(*labels, block)
        elif kind == "resource" and not labels[0].startswith(("aws_", "terraform_")):
            block = stub_resource(*labels, block)
        elif kind in ("resource", "data"):
            # Version 6 of the provider takes a region everywhere.
            block = re.sub(r"^  region +=.*\n", "", block, flags=re.M)
        elif kind == "terraform":
            block = ""
        elif kind == "provider":
            block = re.sub(r"^  assume_role \{.*?^  \}\n", "", block, flags=re.M | re.S) if labels == ["aws"] else ""
        elif kind == "module":
            source = re.search(r'^  source\s*=\s*"([^"]*)"', block, re.M)
            registry = source and re.match(r"terraform-aws-modules/([^/]+)/aws(?://(.*))?$", source.group(1))
            if registry:
                if registry.group(1) not in modules:
                    block = stub_resource("module", labels[0], block)
                    foreign.append(labels[0])
                else:
                    target = root / registry.group(1) / (registry.group(2) or "")
                    relative = os.path.relpath(target, path.parent)
                    block = block.replace(source.group(1), relative)
                    block = re.sub(r'^  version\s*=\s*"[^"]*"\n', "", block, flags=re.M)
        out.append(text[at:start] + block)
        at = end
    text = "".join(out) + text[at:]
    text = re.sub(r"^ *depends_on\s*=\s*\[[^\]]*\]\n", "", text, flags=re.M)
    # `data.type.name` and `random_pet.name` are locals and other resources now.
    text = re.sub(
        r"\bdata\.(\w+)\.(\w+)",
        lambda m: m.group(0) if m.group(1) in REAL_DATA else f"local.data_{m.group(1)}_{m.group(2)}",
        text,
    )
    # Renamed with version 6.
    text = text.replace(".bucket_region", ".region")
    prefixes = r"(?:random|null|time|tls|helm|kubectl|kubernetes|local|http|cloudinit|archive)_\w+"
    text = re.sub(rf"(?<![\w.\"-])({prefixes})\.(\w+)", r"terraform_data.\1_\2", text)
    text = re.sub(
        r"(terraform_data\.\w+(?:\[[^\]]*\])?)\.(\w+)",
        lambda m: m.group(1) + {"id": ".id", "triggers": ".input"}.get(m.group(2), ".id"),
        text,
    )
    path.write_text(text)
    return foreign


def rewrite_folder(folder, modules, root):
    """Rewrites all files; what a module that is not here would give is known after apply."""
    missing = [name for path in sorted(folder.glob("*.tf")) for name in rewrite_file(path, modules, root)]
    for path in folder.glob("*.tf") if missing else []:
        outputs = rf"(?<![\w.])module\.({'|'.join(missing)})((?:\[[^\]]*\])?)\.\w+"
        path.write_text(re.sub(outputs, r"terraform_data.module_\1\2.id", path.read_text()))


def prepare(modules, root):
    """Copies the modules and rewrites their files."""
    for name, source in modules.items():
        shutil.copytree(source, root / name, ignore=shutil.ignore_patterns(".git", ".terraform"))
    skipped = {}
    for folder in {p.parent for p in root.rglob("*.tf")}:
        try:
            rewrite_folder(folder, modules, root)
        except Skip as reason:
            skipped[folder] = str(reason)
        (folder / "versions.tf").write_text(SETTINGS)
    return skipped


def credentials(folder):
    """A provider with dummy credentials: an override where the root has one already."""
    aliases = set()
    for path in folder.glob("*.tf"):
        for _, _, kind, labels in top_blocks(text := path.read_text()):
            if kind == "provider" and labels == ["aws"]:
                aliases.add(None)
        for match in re.finditer(r'^provider "aws" \{[^}]*?alias\s*=\s*"([^"]*)"', text, re.M):
            aliases.add(match.group(1))
    blocks = [PROVIDER.format(alias=f'\n  alias = "{a}"' if a else "") for a in sorted(aliases, key=str)]
    if not aliases:
        (folder / "provider.tf").write_text(PROVIDER.format(alias='\n  region = "eu-west-1"'))
    elif aliases == {None} or None not in aliases:
        (folder / "zz_override.tf").write_text("".join(blocks))
    else:
        (folder / "zz_override.tf").write_text("".join(blocks))


def remove_at(path, diagnostic):
    """Removes the argument or block at which the provider at hand takes offence."""
    line = diagnostic["range"]["start"]["line"] - 1
    lines = path.read_text().split("\n")
    depth, end = 0, line
    while True:
        code = re.sub(r'"(?:[^"\\]|\\.)*"', '""', lines[end]).split("#")[0]
        depth += sum(map(code.count, "([{")) - sum(map(code.count, ")]}"))
        end += 1
        if depth <= 0 or end >= len(lines):
            break
    path.write_text("\n".join(lines[:line] + lines[end:]))


UNSUPPORTED = (
    "Unsupported argument",
    "Unsupported block type",
    "Invalid resource type",
    "Missing required argument",
    "Value for unconfigurable attribute",
)


def fit(folder, env):
    """Removes what the provider at hand does not know until the configuration is valid."""
    for _ in range(40):
        result = json.loads(run(["terraform", "validate", "-json"], folder, env).stdout)
        errors = [d for d in result["diagnostics"] if d["severity"] == "error"]
        if not errors:
            return
        removable = [
            d
            for d in errors
            if d["summary"] in UNSUPPORTED and "range" in d
        ]
        unsupported = [d for d in errors if d["summary"] == "Unsupported attribute" and "range" in d]
        if not removable and not unsupported:
            raise Skip("; ".join(f"{d['summary']}: {d['detail'][:120]}" for d in errors[:2]))
        # From the last line to the first, so that the lines above stay where they are.
        by_place = {(d["range"]["filename"], d["range"]["start"]["byte"]): d for d in unsupported or removable}
        for (name, _), diagnostic in sorted(by_place.items(), reverse=True):
            path = (folder / name).resolve()
            if diagnostic["summary"] == "Unsupported attribute":
                start, end = diagnostic["range"]["start"]["byte"], diagnostic["range"]["end"]["byte"]
                text = path.read_bytes()
                steps = re.match(rb"(?:\[[^\]]*\]|\.\w+)*", text[end:]).end()
                path.write_bytes(text[:start] + b".id" + text[end + steps:])
            else:
                remove_at(path, diagnostic)
    raise Skip("does not become valid")


# ---- comparing ----

MARKS = ("unknown", "after_apply", "partial", "one_of", "sensitive", "open")


def mark(value):
    """How a value of formwork is not known, if it is not."""
    if isinstance(value, dict):
        for key in MARKS:
            if key in value and len(value) <= 2:
                return key
    return None


def plain(value):
    """Scalars as their provider converts them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(float(value))
    if isinstance(value, str):
        try:
            return repr(float(value)) if re.fullmatch(r"-?\d+(\.\d+)?", value) else value
        except ValueError:
            return value
    return value


# Protocols that the provider writes in one form.
PROTOCOLS = {"all": "-1"}


def document(value):
    """A JSON text as its value, lists of one element as the element: so AWS compares policies."""

    def unwrap(node):
        if isinstance(node, dict):
            return {k: unwrap(v) for k, v in node.items()}
        if isinstance(node, list):
            items = [unwrap(v) for v in node]
            return items[0] if len(items) == 1 else sorted(items, key=lambda v: json.dumps(v, sort_keys=True))
        return node

    if isinstance(value, str) and value[:1] in "{[":
        try:
            return unwrap(json.loads(value))
        except ValueError:
            pass
    return None


class Comparison:
    def __init__(self):
        self.compared, self.wrong, self.missed = 0, [], []

    def value(self, ours, plan, path):
        """Whether our value agrees with the plan; what does not is kept."""
        before = len(self.wrong)
        how = mark(ours)
        if how == "partial":
            pieces = [re.escape(p) if isinstance(p, str) else "(?s:.*)" for p in ours["partial"]]
            if isinstance(plan, str) and not re.fullmatch("".join(pieces), plan) and document(plan) is None:
                self.wrong.append((path, ours, plan))
            elif plan not in (None, UNKNOWN):
                self.missed.append((path, ours))
        elif how == "one_of":
            if plan is not UNKNOWN and not any(mark(arm) or Comparison().value(arm, plan, path) for arm in ours["one_of"]):
                self.wrong.append((path, ours, plan))
            elif plan not in (None, UNKNOWN):
                self.missed.append((path, ours))
        elif how:
            if plan is not UNKNOWN and plan not in (None, [], {}, ""):
                self.missed.append((path, ours))
        elif ours is None:
            pass
        elif isinstance(ours, dict):
            if isinstance(plan, list) and len(plan) == 1:
                plan = plan[0]
            # Providers take an empty map for none.
            if plan is UNKNOWN or plan is None and not ours:
                pass
            elif not isinstance(plan, dict):
                self.wrong.append((path, ours, plan))
            else:
                for key, inner in ours.items():
                    if inner is not None and not key.startswith("dynamic:"):
                        self.value(inner, plan.get(key, UNKNOWN), f"{path}.{key}")
                if path.endswith(("tags", "variables")):
                    for key in plan.keys() - ours.keys():
                        self.wrong.append((f"{path}.{key}", None, plan[key]))
        elif isinstance(ours, list):
            # A block that can only be there once is an object.
            self.items(ours, [plan] if isinstance(plan, dict) else plan, path)
        elif plan is UNKNOWN:
            pass
        else:
            self.compared += 1
            if path.endswith("protocol"):
                ours, plan = PROTOCOLS.get(ours, ours), PROTOCOLS.get(plan, plan)
            same = plain(ours) == plain(plan) or (document(ours) is not None and document(ours) == document(plan))
            # An empty string stands for nothing in many providers.
            if not same and not (ours == "" and plan is None):
                self.wrong.append((path, ours, plan))
        return len(self.wrong) == before

    def items(self, ours, plan, path):
        if plan is UNKNOWN or plan is None and not ours:
            return
        if not isinstance(plan, list) or len(ours) != len(plan):
            # Sets have no duplicates.
            unique = {json.dumps(v, sort_keys=True) for v in ours}
            if not isinstance(plan, list) or len(unique) != len(plan):
                self.wrong.append((path, ours, plan))
                return
            ours = [json.loads(v) for v in sorted(unique)]
        left = list(plan)
        for i, item in enumerate(ours):
            # In order if that fits; a set has an order of its own.
            trial = [i] if i < len(plan) and plan[i] in left else []
            for candidate in [plan[j] for j in trial] + left:
                attempt = Comparison()
                if attempt.value(item, candidate, f"{path}[{i}]"):
                    left.remove(candidate)
                    self.compared += attempt.compared
                    self.missed += attempt.missed
                    break
            else:
                self.wrong.append((f"{path}[{i}]", item, plan))


UNKNOWN = object()


def with_unknown(value, unknown):
    """The values of a plan, with a mark where they are known only after apply."""
    if unknown is True:
        return UNKNOWN
    if isinstance(value, dict):
        hidden = unknown if isinstance(unknown, dict) else {}
        keys = list(value) + [k for k in hidden if k not in value]
        return {k: with_unknown(value.get(k), hidden.get(k)) for k in keys}
    if isinstance(value, list):
        hidden = unknown if isinstance(unknown, list) else []
        out = [with_unknown(v, hidden[i] if i < len(hidden) else None) for i, v in enumerate(value)]
        return out + [UNKNOWN for h in hidden[len(value):] if h is True]
    return value


def planned(plan):
    """Managed resources by address."""
    return {
        change["address"]: with_unknown(change["change"]["after"], change["change"].get("after_unknown"))
        for change in plan.get("resource_changes", [])
        if change["mode"] == "managed" and change["change"]["after"] is not None
    }


def compare(plan, graph):
    result = Comparison()
    resources = planned(plan)
    declared = {d["address"]: d for d in graph["declarations"] if d["mode"] == "resource"}
    for address, values in resources.items():
        ours = declared.get(address)
        if ours is None:
            if any("[*]" in a and a.split("[*]")[0] in address for a in declared):
                result.missed.append((address, {"unknown": "only a symbolic instance"}))
            else:
                result.wrong.append((address, "not declared", "planned"))
            continue
        for name, value in ours["attributes"].items():
            if not name.startswith("dynamic:"):
                result.value(value, values.get(name, UNKNOWN), f"{address}.{name}")
    for address, ours in declared.items():
        if ours["exists"] is True and address not in resources and "[*]" not in address:
            result.wrong.append((address, "declared", "not planned"))
    return result


def known(value):
    """A value of a plan without what is not known and what is null."""
    if isinstance(value, dict):
        return {k: known(v) for k, v in value.items() if v is not UNKNOWN and v is not None}
    if isinstance(value, list):
        return None if UNKNOWN in value else [known(v) for v in value]
    return value


# ---- the run ----


def plan_of(folder, env):
    init = run(["terraform", "init", "-input=false", "-no-color"], folder, env)
    if init.returncode:
        raise Skip("init: " + " ".join(init.stderr.split())[:300])
    fit(folder, env)
    plan = run(["terraform", "plan", "-refresh=false", "-input=false", "-lock=false", "-no-color", "-out=plan.bin"], folder, env)
    if plan.returncode:
        raise Skip("plan: " + " ".join(plan.stderr.split())[:500])
    return json.loads(run(["terraform", "show", "-json", "plan.bin"], folder, env).stdout)


def graph_of(folder, formwork, env):
    # Seen from the folder above all modules, so that calls of other folders are followed.
    done = run([formwork, "graph", "--format", "json", "--no-config", "--no-gitignore", "."], folder, env)
    try:
        roots = json.loads(done.stdout)["roots"]
    except ValueError as error:
        raise Skip(f"formwork: {done.stderr or error}") from error
    return next(r for r in roots if r["name"] == ".")


def check(folder, args, env):
    credentials(folder)
    plan = plan_of(folder, env)
    graph = graph_of(folder, args.formwork, env)
    if args.keep:
        (folder / "plan.json").write_text(json.dumps(plan, indent=1))
    return plan, compare(plan, graph)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plugins", default=os.environ.get("FORMWORK_TF_PLUGINS"), help="filesystem mirror of providers")
    parser.add_argument("--formwork", default="target/debug/formwork")
    parser.add_argument("--module", action="append", default=[], metavar="NAME=DIR")
    parser.add_argument("--record", action="store_true", help="write expected.json into the given folders")
    parser.add_argument("--keep", metavar="DIR", help="work here and keep it")
    parser.add_argument("--missed", action="store_true", help="list what formwork does not know")
    parser.add_argument("roots", nargs="+", type=pathlib.Path)
    args = parser.parse_args()
    if not args.plugins:
        parser.error("--plugins or FORMWORK_TF_PLUGINS is needed")
    args.formwork = str(pathlib.Path(args.formwork).resolve())
    modules = {name: pathlib.Path(folder).resolve() for name, folder in (m.split("=", 1) for m in args.module)}
    with tempfile.TemporaryDirectory() as temporary:
        # `..` in module sources must mean the same for everyone.
        root = pathlib.Path(args.keep or temporary).resolve()
        config = root / "cli.tfrc"
        config.write_text(
            f'provider_installation {{\n  filesystem_mirror {{\n    path = "{args.plugins}"\n  }}\n}}\n'
        )
        env = {k: v for k, v in os.environ.items() if not k.startswith(("TF_", "AWS_"))}
        env |= {"TF_CLI_CONFIG_FILE": str(config), "CHECKPOINT_DISABLE": "1", "AWS_EC2_METADATA_DISABLED": "true"}
        (root / "modules").mkdir()
        (root / "modules/.git").mkdir()
        skipped = prepare(modules, root / "modules")
        failed = planned_roots = 0
        for path in args.roots:
            path = path.resolve()
            owner = next(((n, d) for n, d in modules.items() if path.is_relative_to(d)), None)
            if owner:
                folder = root / "modules" / owner[0] / path.relative_to(owner[1])
            else:
                folder = root / "modules" / "roots" / path.name
                shutil.copytree(path, folder, ignore=shutil.ignore_patterns(".terraform*", "expected.json"))
            try:
                if folder in skipped:
                    raise Skip(skipped[folder])
                plan, result = check(folder, args, env)
            except Skip as reason:
                print(f"skipped  {path.parent.parent.name}/{path.name}: {reason}", flush=True)
                continue
            planned_roots += 1
            failed += bool(result.wrong)
            print(
                f"{'WRONG' if result.wrong else 'agrees'}   {path.parent.parent.name}/{path.name}: "
                f"{len(planned(plan))} resources, {result.compared} values compared, "
                f"{len(result.wrong)} wrong, {len(result.missed)} missed",
                flush=True,
            )
            for place, ours, theirs in result.wrong:
                print(f"    WRONG  {place}\n      formwork {str(ours)[:300]}\n      plan     {str(theirs)[:300]}", flush=True)
            if args.missed:
                for place, ours in result.missed:
                    print(f"    missed {place}  {str(ours)[:160]}", flush=True)
            if args.record:
                expected = {address: known(values) for address, values in sorted(planned(plan).items())}
                (path / "expected.json").write_text(json.dumps(expected, indent=2, sort_keys=True) + "\n")
        print(f"{planned_roots} roots compared, {failed} with wrong values")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
