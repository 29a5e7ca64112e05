#!/usr/bin/env python3
"""Shows that the examples of the rules are real: `terraform validate` accepts the Terraform ones, and cfn-lint finds no
error in the CloudFormation ones.

    examples.py --plugins MIRROR [--cfn-lint PROGRAM] [--rules FOLDER] [SUBSTRING...]

The mirror has the layout of Terraform's `filesystem_mirror`; it may be given as FORMWORK_TF_PLUGINS. A substring names
rule files to look at (`ecr/`, `ebs-volume`); without any, all are. Exit code 1: something is wrong.

All Terraform examples are validated by one run, as modules of one configuration: inputs without a default get null,
version constraints and backends are left out, and examples that need a provider, or a later release of one, that the
mirror does not have are counted as not checked. `terraform validate` knows types and required arguments, not values that
only AWS checks.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
FENCE = re.compile(r"^```(.*)$")


def examples(path):
    """The examples of a rule file: (title, dialect, [(path, first line, text)])."""
    out, heading, inside, info, start, lines = [], None, False, None, 0, []
    current = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        fence = FENCE.match(line)
        if info is None and line.startswith("## "):
            inside = line == "## Examples"
        if info is None and inside and line.startswith("### "):
            heading, current = line[4:], {}
        if fence and info is None:
            info, start, lines = fence.group(1).strip(), number + 1, []
        elif fence:
            words = info.split()
            if inside and heading and words and words[0] in ("terraform", "cloudformation"):
                dialect = words[0]
                default = "main.tf" if dialect == "terraform" else "template.yaml"
                if dialect not in current:
                    current[dialect] = (heading, dialect, [])
                    out.append(current[dialect])
                current[dialect][2].append((words[1] if len(words) > 1 else default, start, "\n".join(lines) + "\n"))
            info = None
        elif info is not None:
            lines.append(line)
    return out


def block_end(text, start):
    """The place after the block whose opening brace is at `start`."""
    depth = 0
    for match in re.compile(r"[{}]").finditer(text, start):
        depth += 1 if match.group() == "{" else -1
        if depth == 0:
            return match.end()
    return len(text)


def required_inputs(text):
    for match in re.finditer(r'^\s*variable\s+"?([\w-]+)"?\s*({)', text, re.M):
        body = text[match.start(2) : block_end(text, match.start(2))]
        if not re.search(r"[{\s]default\s*=", body):
            yield match.group(1)


def without_blocks(text, pattern):
    """The text with the blocks that a pattern (ending before the brace) finds blanked, line for line."""
    while match := re.search(pattern + r"\s*{", text, re.M):
        end = block_end(text, match.end() - 1)
        text = text[: match.start()] + "\n" * text[match.start() : end].count("\n") + text[end:]
    return text


def providers_of(text):
    """The providers that a file needs, going by its types."""
    kinds = re.findall(r'^\s*(?:resource|data|ephemeral)\s+"?([a-z0-9]+)_?\w*"?\s', text, re.M)
    return set(kinds) | set(re.findall(r'^\s*provider\s+"?([\w-]+)"?', text, re.M))


def release(text):
    return tuple(int(n) for n in re.findall(r"\d+", text))


def newer_providers(text, newest):
    """The constraints of a file that ask for a later release of a provider than the mirror has: `aws >= 6.25`."""
    for name, body in re.findall(r'^\s*(\w+)\s*=\s*{([^{}]*\bversion\s*=[^{}]*)}', text, re.M):
        constraint = re.search(r'\bversion\s*=\s*"([^"]*)"', body).group(1)
        bounds = re.findall(r"(?:>=?|~>|(?<![<>!~])=|^)\s*([\d.]+)", constraint)
        if name in newest and any(release(bound) > newest[name] for bound in bounds):
            yield f"{name} {constraint}"


class Terraform:
    def __init__(self, folder, mirror):
        self.folder, self.roots, self.places, self.skipped = folder, [], {}, []
        self.newest = {}
        for found in pathlib.Path(mirror).glob("*/*/*/*"):
            if version := re.search(r"\d+\.\d+\.\d+", found.name):
                name = found.parent.name
                self.newest[name] = max(self.newest.get(name, ()), release(version.group()))
        self.available = {p.name for p in pathlib.Path(mirror).glob("*/*/*")} | {"terraform"}
        self.config = folder / "terraform.rc"
        self.config.write_text(f'provider_installation {{\n  filesystem_mirror {{ path = "{mirror}" }}\n}}\n')

    def add(self, where, title, files):
        missing = set().union(*(providers_of(t) for p, _, t in files if p.endswith(".tf"))) - self.available
        missing.update(*(newer_providers(t, self.newest) for p, _, t in files if p.endswith(".tf")))
        if missing:
            self.skipped.append(f"{where}: {title}: needs {', '.join(sorted(missing))}")
            return
        name = f"e{len(self.places):04}"
        called, folders, inputs = set(), set(), {}
        for path, _, text in files:
            target = self.folder / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            folder = os.path.normpath(os.path.dirname(path) or ".")
            if path.endswith(".tf"):
                text = without_blocks(text, r"^[ \t]*(?:backend\s+\"\w+\"|cloud)")
                text = re.sub(r"^([ \t]*)(required_version|version)(\s*=\s*\".*\")", r"\1# \2\3", text, flags=re.M)
                text = re.sub(r",?\s*version\s*=\s*\"[^\"]*\"(?=\s*[,}])", "", text)
                folders.add(folder)
                inputs.setdefault(folder, []).extend(required_inputs(text))
                for source in re.findall(r'source\s*=\s*"(\.[^"]*)"', text):
                    called.add(os.path.normpath(os.path.join(folder, source)))
            elif path.endswith(".tf.json"):
                folders.add(folder)
            target.write_text(text)
        self.places[name] = (where, title, files)
        for i, folder in enumerate(sorted(folders - called)):
            self.roots.append((f"{name}_{i}", f"./{name}/{folder}", inputs.get(folder, [])))

    def run(self):
        main = ['terraform {\n  required_providers {\n    aws = {\n      source = "hashicorp/aws"\n    }\n  }\n}\n']
        for name, source, inputs in self.roots:
            values = "".join(f"  {i} = null\n" for i in inputs)
            main.append(f'module "{name}" {{\n  source = "{source}"\n{values}}}\n')
        (self.folder / "main.tf").write_text("".join(main))
        environment = dict(os.environ, TF_CLI_CONFIG_FILE=str(self.config), TF_IN_AUTOMATION="1", CHECKPOINT_DISABLE="1")
        init = subprocess.run(
            ["terraform", "init", "-backend=false", "-input=false", "-no-color"],
            cwd=self.folder, env=environment, capture_output=True, text=True, check=False,
        )
        if init.returncode:
            return [self.in_rules(init.stdout + init.stderr)]
        run = subprocess.run(
            ["terraform", "validate", "-json"], cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
        problems = []
        for diagnostic in json.loads(run.stdout)["diagnostics"]:
            if diagnostic["severity"] == "error":
                text = f"{diagnostic['summary']}: {diagnostic.get('detail', '')}".replace("\n", " ")
                place = diagnostic.get("range") or {}
                problems.append(f"{self.place(place.get('filename', ''), place.get('start', {}).get('line', 1))}: {text}")
        return problems

    def place(self, file, line):
        name, _, rest = file.partition("/")
        if name not in self.places:
            return f"{file}:{line}"
        where, title, files = self.places[name]
        for path, start, _ in files:
            if os.path.normpath(path) == os.path.normpath(rest):
                return f"{where}:{start + line - 1}: {title}"
        return f"{where}: {title}: {rest}:{line}"

    def in_rules(self, text):
        return re.sub(r"(e\d{4}(?:/[\w./-]+)?)(?: line (\d+))?", lambda m: self.place(m.group(1), int(m.group(2) or 1)), text)


def cloudformation(folder, templates, program):
    if not templates:
        return []
    problems = []
    names = sorted(templates)
    for at in range(0, len(names), 200):
        run = subprocess.run(
            [program, "--format", "json", "--ignore-checks", "W", "I", "--", *names[at : at + 200]],
            cwd=folder, capture_output=True, text=True, check=False,
        )
        try:
            found = json.loads(run.stdout or "[]")
        except json.JSONDecodeError:
            return [run.stdout + run.stderr]
        for match in found:
            where, title, start = templates[match["Filename"]]
            line = start + match["Location"]["Start"]["LineNumber"] - 1
            problems.append(f"{where}:{line}: {title}: {match['Rule']['Id']} {match['Message']}")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rules", type=pathlib.Path, default=HERE.parent.parent / "rules")
    parser.add_argument("--plugins", default=os.environ.get("FORMWORK_TF_PLUGINS"))
    parser.add_argument("--cfn-lint", default="cfn-lint")
    parser.add_argument("filters", nargs="*")
    options = parser.parse_args()
    if not options.plugins:
        parser.error("--plugins or FORMWORK_TF_PLUGINS names the folder with the AWS provider")
    counts, templates = {"terraform": 0, "cloudformation": 0}, {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        terraform = Terraform(folder, options.plugins)
        for path in sorted(options.rules.glob("*/*.md")):
            where = f"rules/{path.parent.name}/{path.name}"
            if options.filters and not any(f in where for f in options.filters):
                continue
            for title, dialect, files in examples(path):
                counts[dialect] += 1
                if dialect == "terraform":
                    terraform.add(where, title, files)
                    continue
                for name, start, text in files:
                    target = folder / f"c{counts[dialect]:04}" / name
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_text(text)
                    if re.search(r"AWSTemplateFormatVersion|Resources\b", text):
                        templates[str(target.relative_to(folder))] = (where, title, start)
        problems = terraform.run() if terraform.roots else []
        problems += cloudformation(folder, templates, options.cfn_lint)
    for problem in problems:
        print(problem)
    for skipped in terraform.skipped:
        print(f"not checked: {skipped}")
    print(f"{counts['terraform']} Terraform and {counts['cloudformation']} CloudFormation examples: {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
