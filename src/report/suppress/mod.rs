//! Suppressions: what the author of the source has accepted, in comments and metadata.

/// The tools whose own ignore comments and metadata are understood, by the names that rules use for their aliases.
pub const PEERS: &[&str] =
    &["checkov", "trivy", "tfsec", "tflint", "cfn_nag", "cfn-lint", "cdk_nag", "guard", "kics", "terrascan", "semgrep"];
