# What the practice documents say. `docs/coverage.md` is made from it and from the `practices` of the rules.
#
# statement   the practice, in own words
# sources     the documents that state it, by title, and where
# why_not     what of it no source code shows: all of it, when no rule serves it

practice "ec2-approved-ami" {
  service   = "ec2"
  statement = "Launch instances only from machine images that the team has put on its approved list."
  sources = {
    "AWS Best Practices" = "EC2 / DO item 1 (team-approved AMIs)"
  }
  why_not = "Judgeable only once the project configures what is approved and the image id, owner or name filter is literal in the source."
}

practice "ec2-burstable-unlimited" {
  service   = "ec2"
  statement = "Give burstable instances the unlimited CPU credit mode so that they are never throttled to baseline."
  sources = {
    "AWS Best Practices" = "EC2 / DO item 2 (credit specification), with its note on surplus charges"
  }
}

practice "ec2-termination-protection" {
  service   = "ec2"
  statement = "Protect instances against accidental termination through the API."
  sources = {
    "AWS Best Practices" = "EC2 / DO item 3 (termination protection), with its exceptions note"
  }
}

practice "ec2-spot-noncritical" {
  service   = "ec2"
  statement = "Consider spot capacity for work that may be interrupted, such as builds."
  sources = {
    "AWS Best Practices" = "EC2 / DO CONSIDER item (spot)"
    "AWS IAM Best Practices" = "Whitepaper / Optimize for Cost (purchase options)"
  }
  why_not = "Which workload may be interrupted is a business fact; checkable only when tags name it."
}

practice "bastion-pattern" {
  service   = "ec2"
  statement = "Put a jump host between people and the servers that run production or keep customer data."
  sources = {
    "AWS Best Practices" = "EC2 / DO item (bastion/jump server pattern)"
  }
  why_not = "Which servers hold production or client data, and which host is the bastion, must come from tags or configuration."
}

practice "admin-access-source-allowlist" {
  service   = "ec2"
  statement = "Accept SSH and RDP (on bastions and any administered host) only from an explicit list of source addresses."
  sources = {
    "AWS Best Practices" = "EC2 / DO item (bastion allows only whitelisted addresses)"
    "AWS Best Practices (Security, Deployment)" = "11 (administer only from the origin address and port)"
  }
}

practice "ec2-descriptive-names-tags" {
  service   = "ec2"
  statement = "Name and tag instances so that their purpose is obvious."
  sources = {
    "AWS Best Practices" = "EC2 / DO item (descriptive names and tags)"
  }
}

practice "ec2-elastic-ip" {
  service   = "ec2"
  statement = "Use an Elastic IP where something depends on an instance address staying the same."
  sources = {
    "AWS Best Practices" = "EC2 / DO item (elastic IPs)"
  }
  why_not = "Whether an address must be stable is intent; only an auto-assigned public address without an EIP is visible."
}

practice "ec2-monitoring" {
  service   = "ec2"
  statement = "Collect instance metrics such as CPU and disk use and act on them."
  sources = {
    "AWS Best Practices" = "EC2 / DO item (monitor and respond)"
    "AWS IAM Best Practices" = "Whitepaper / Automation (CloudWatch Alarms)"
  }
  why_not = "Alarms may live in another stack, and responding is a human process; what the source declares can be judged."
}

practice "ec2-key-pair-format" {
  service   = "ec2"
  statement = "Keep to one private-key format (PEM or PPK) for key pairs."
  sources = {
    "AWS Best Practices" = "EC2 / DO item (key pair formats)"
  }
  why_not = "Only CloudFormation states a key format; Terraform imports public keys."
}

practice "ec2-key-material-protected" {
  service   = "ec2"
  statement = "Store the private keys that open instances securely and do not lose them."
  sources = {
    "AWS Best Practices" = "EC2 / DO NOT item (mishandle or lose access keys used to create instances)"
  }
  why_not = "Custody of keys is a human process; a key generated into state or committed next to the code is visible."
}

practice "ami-minimal" {
  service   = "ec2"
  statement = "Prefer the most purpose-built image with the fewest packages for a workload."
  sources = {
    "AWS Best Practices" = "EC2 / DO item (most specific AMI, container-host example)"
  }
  why_not = "Whether an image is minimal is not in the source except where a managed image family is named."
}

practice "ec2-no-internet-browsing" {
  service   = "ec2"
  statement = "Do not browse the internet from an instance; fetch files elsewhere and copy them in."
  sources = {
    "AWS Best Practices" = "EC2 / warning item (avoid browsing); EC2 / DO NOT item (which browser to use)"
  }
  why_not = "Behaviour on a host is not IaC, and the choice of browser is software inside the image; the egress that would allow browsing is judgeable."
}

practice "ec2-patching" {
  service   = "ec2"
  statement = "Patch and update the operating system and applications of instances regularly."
  sources = {
    "AWS Best Practices" = "EC2 / DO item (regularly patch)"
    "26 AWS Security Best Practices to Adopt in Production" = "Initial AWS setup (customer side of shared responsibility)"
  }
  why_not = "Patch state is runtime; a declared Systems Manager patch schedule and manageable instances are visible."
}

practice "ebs-separate-data-volumes" {
  service   = "ebs"
  statement = "Keep data on volumes separate from the operating system, and split further by kind of data."
  sources = {
    "AWS Best Practices" = "EC2 / DO item (separate EBS volumes)"
  }
  why_not = "The source shows volumes but not what is stored on them."
}

practice "ebs-volumes-encrypted" {
  service   = "ebs"
  statement = "Encrypt every EBS volume that an instance uses."
  sources = {
    "AWS Best Practices" = "EC2 / DO NOT item (unencrypted volumes or snapshots)"
    "26 AWS Security Best Practices to Adopt in Production" = "16 (attached volumes encrypted at rest)"
  }
}

practice "ebs-snapshots-encrypted" {
  service   = "ebs"
  statement = "Encrypt snapshots and images of volumes."
  sources = {
    "AWS Best Practices" = "EC2 / DO NOT item (unencrypted volumes or snapshots)"
    "26 AWS Security Best Practices to Adopt in Production" = "19 (snapshot copies encrypted)"
  }
}

practice "ebs-default-encryption" {
  service   = "ebs"
  statement = "Make the account encrypt new EBS volumes on its own, in every region."
  sources = {
    "26 AWS Security Best Practices to Adopt in Production" = "19 (EBS default encryption)"
  }
  why_not = "Account and region setting: only Terraform expresses it, and only in the project that manages the account baseline."
}

practice "snapshots-amis-not-public" {
  service   = "ebs"
  statement = "Never publish snapshots or images to everybody."
  sources = {
    "AWS Best Practices" = "EC2 / DO NOT item (public snapshots or AMIs)"
    "26 AWS Security Best Practices to Adopt in Production" = "21 (snapshots not restorable by anyone)"
  }
}

practice "session-manager-access" {
  service   = "ec2"
  statement = "Reach instances through Systems Manager Session Manager, with KMS-protected sessions, in place of SSH and RDP."
  sources = {
    "AWS Best Practices" = "EC2 / DO NOT item (access should go through the session manager); EC2 / last DO item (session manager over RDP or SSH)"
    "Securing Amazon EC2 Instances" = "User Access to EC2 Instances (control and monitor interactive access)"
  }
  why_not = "Session use is runtime; the role that makes an instance manageable, attached key pairs and the session document are visible."
}

practice "ec2-imds-available" {
  service   = "ec2"
  statement = "Keep the instance metadata service switched on, because patching and management agents need it."
  sources = {
    "AWS Best Practices" = "EC2 / DO NOT item (disable instance metadata): endpoint flag"
  }
}

practice "ec2-imdsv2-required" {
  service   = "ec2"
  statement = "Require session tokens (IMDSv2) for instance metadata and keep the response hop limit at one."
  sources = {
    "AWS Best Practices" = "EC2 / DO NOT item (disable instance metadata): tokens and hop limit"
  }
}

practice "ec2-multi-az" {
  service   = "autoscaling"
  statement = "Spread copies of a workload over more than one Availability Zone."
  sources = {
    "AWS Best Practices" = "EC2 / DO item (scaled or duplicated instances)"
    "AWS IAM Best Practices" = "Whitepaper / Removing Single Points of Failure (Regions and AZs)"
  }
  why_not = "Zones of subnets outside the project cannot be seen."
}

practice "ec2-auto-recovery" {
  service   = "ec2"
  statement = "Let impaired instances be recovered automatically."
  sources = {
    "AWS IAM Best Practices" = "Whitepaper / Automation (EC2 Auto Recovery); Whitepaper / Removing Single Points of Failure (EC2 auto-recovery)"
  }
}

practice "immutable-infrastructure" {
  service   = "ec2"
  statement = "Treat servers as disposable: replace them with newly configured ones rather than changing them in place."
  sources = {
    "AWS IAM Best Practices" = "Whitepaper / Disposable Resources Instead of Fixed Servers"
  }
  why_not = "Immutability is a way of working; a few attributes that cause in-place change or block replacement are visible."
}

practice "sg-not-open-to-internet" {
  service   = "vpc"
  statement = "Do not let security groups admit traffic from the whole internet, least of all SSH and RDP; a public web tier opens its web ports only."
  sources = {
    "AWS Best Practices" = "EC2 / DO NOT item (security groups open to the internet)"
    "AWS Best Practices (Security, Deployment)" = "11 (limit responses to ports 80 and 443)"
    "Securing Amazon EC2 Instances" = "Network Access item 1 (only HTTP and HTTPS inbound)"
  }
}

practice "sg-least-privilege" {
  service   = "vpc"
  statement = "Write security group rules as the narrowest set the workload needs, inbound and outbound, and let instances talk to each other by group reference."
  sources = {
    "AWS Best Practices" = "EC2 / DO item (security groups as firewall, least permissive)"
    "AWS Best Practices (Security, Deployment)" = "11 (groups limit the ports the world can reach); 12 (outbound rules)"
    "Securing Amazon EC2 Instances" = "Network Access item 1 (minimal outbound, internal traffic by group id)"
  }
}

practice "tier-separation" {
  service   = "vpc"
  statement = "Give each tier its own rules: the web tier is reached on its web port, the database only from the web servers on its own port, and the database initiates nothing towards the internet."
  sources = {
    "AWS Best Practices (Security, Deployment)" = "12 (two-tier example)"
    "Securing Amazon EC2 Instances" = "Network Access, paragraph after the list (database rules apart from load balancer rules)"
  }
}

practice "nacl-perimeter" {
  service   = "vpc"
  statement = "Use network ACLs as the outer perimeter: block hazardous traffic before it reaches the security groups, and deny attack sources there."
  sources = {
    "AWS Best Practices (Security, Deployment)" = "11 (NACLs as the first checkpoint); 12 (deny rules against attack sources)"
    "Securing Amazon EC2 Instances" = "Network Access (network ACLs protect each interface)"
  }
}

practice "nacl-stateless-return" {
  service   = "vpc"
  statement = "Because network ACLs keep no state, allow the return traffic of every session they admit."
  sources = {
    "AWS Best Practices (Security, Deployment)" = "12 (groups are stateful, NACLs are not)"
  }
}

practice "vpc-isolation" {
  service   = "vpc"
  statement = "Place instances in a VPC of your own that isolates them by subnet, group and route."
  sources = {
    "AWS Best Practices" = "EC2 / DO item (VPCs isolate instances)"
    "AWS IAM Best Practices" = "Whitepaper / Security (VPC)"
  }
}

practice "route-tables-minimal" {
  service   = "vpc"
  statement = "Give subnets only the routes they need; instances without internet duties sit in subnets with internal routes only."
  sources = {
    "Securing Amazon EC2 Instances" = "Network Access item 2 (route tables)"
  }
  why_not = "Which subnet needs the internet is intent; naming, tags or attached resources are needed to judge it."
}

practice "only-entry-points-public" {
  service   = "vpc"
  statement = "Expose only the load balancer or reverse proxy; keep everything else on private addresses."
  sources = {
    "Securing Amazon EC2 Instances" = "Elastic Load Balancer & Reverse Proxies"
  }
  why_not = "Which host is the intended entry point must come from tags."
}

practice "vpc-flow-logs" {
  service   = "vpc"
  statement = "Enable flow logging in every VPC, at least for rejected packets."
  sources = {
    "26 AWS Security Best Practices to Adopt in Production" = "17 (VPC flow logging)"
  }
}

practice "vpc-default-sg-closed" {
  service   = "vpc"
  statement = "Leave the default security group of a VPC without any rule, and attach nothing to it."
  sources = {
    "26 AWS Security Best Practices to Adopt in Production" = "18 (default security group)"
  }
}

practice "iam-access-keys-no-console" {
  service   = "iam"
  statement = "Keep development access keys narrow and off users that can also log in to the console."
  sources = {
    "AWS Best Practices" = "IAM / DO item 1 (access keys for development)"
  }
}

practice "iam-environment-isolation" {
  service   = "iam"
  statement = "Keep environments apart, so that a development key is useless against production."
  sources = {
    "AWS Best Practices" = "IAM / DO item 2 (isolate by environment)"
  }
  why_not = "Separation is mostly a matter of accounts; inside one account it shows only as scoped resources or tag conditions."
}

practice "iam-console-mfa" {
  service   = "iam"
  statement = "Require multi-factor authentication for every identity that can log in to the console, first of all privileged ones."
  sources = {
    "AWS Best Practices" = "IAM / DO NOT item 1 (console access without MFA)"
    "AWS Best Practices (Security, Deployment)" = "2 (MFA tokens)"
    "26 AWS Security Best Practices to Adopt in Production" = "5 (MFA for console users); Initial AWS setup (MFA for admin and all users)"
    "AWS IAM Best Practices" = "IAM / MFA; IAM / practice questions 1, 3 and 4"
    "Securing Amazon EC2 Instances" = "User Access item 3 (MFA for all users)"
  }
  why_not = "Enrolling a device is done by a person; a policy that denies work without MFA, and trust policies that ask for it, are visible."
}

practice "root-not-used-daily" {
  service   = "iam"
  statement = "Do not use the root user for everyday work; keep it for the few tasks that nothing else can do."
  sources = {
    "AWS Best Practices" = "IAM / DO NOT item 2 (root for day-to-day operations)"
    "AWS Best Practices (Security, Deployment)" = "1 (IAM administers access, not root)"
    "26 AWS Security Best Practices to Adopt in Production" = "Initial AWS setup (root only when strictly necessary)"
    "AWS IAM Best Practices" = "IAM / Root Account; IAM / User (do not use root credentials); IAM / practice questions 2 and 3"
  }
  why_not = "Who logs in as root is account behaviour; no template declares it."
}

practice "root-custody" {
  service   = "iam"
  statement = "Limit who may use the root user, lock its credentials away with a strong password, and let one other person reach them in an emergency."
  sources = {
    "AWS Best Practices" = "IAM / DO NOT item 3 and its note (authorised person and backup)"
    "26 AWS Security Best Practices to Adopt in Production" = "Initial AWS setup (lock the root credentials)"
    "AWS IAM Best Practices" = "IAM / Root Account (never share); IAM / practice question 4 (root password)"
  }
  why_not = "A custody process for one password."
}

practice "root-access-keys-absent" {
  service   = "iam"
  statement = "Make sure that the root user has no access keys, and rotate them if there is no way around having them."
  sources = {
    "AWS Best Practices (Security, Deployment)" = "1 (disable root API access and secret keys)"
    "26 AWS Security Best Practices to Adopt in Production" = "4 (root access keys must not exist); Initial AWS setup (delete root keys)"
    "AWS IAM Best Practices" = "IAM / Root Account (delete or rotate keys); IAM / practice question 3"
  }
  why_not = "Keys of the root user are made by hand; only a key declared for a user called root is visible."
}

practice "root-mfa-hardware" {
  service   = "iam"
  statement = "Protect the root user with MFA, using a hardware device."
  sources = {
    "26 AWS Security Best Practices to Adopt in Production" = "6 (hardware MFA for root); Initial AWS setup (MFA for root)"
    "AWS IAM Best Practices" = "IAM / Root Account (MFA on the account); IAM / practice questions 1 and 4"
  }
  why_not = "No Terraform or CloudFormation resource represents the root user device; a running account can be watched with a managed Config rule (see config-detective-rules)."
}

practice "iam-admin-user-for-setup" {
  service   = "iam"
  statement = "Create an administrator identity for setup work and individual identities for every person, instead of sharing credentials."
  sources = {
    "26 AWS Security Best Practices to Adopt in Production" = "Initial AWS setup (create an administrator user, then users, groups and roles)"
    "AWS IAM Best Practices" = "IAM / User (individual users); IAM / practice question 3 (individual users)"
  }
  why_not = "Whether an identity belongs to one person is organisational."
}

practice "iam-individual-least-permission-start" {
  service   = "iam"
  statement = "Start identities with no or minimal permissions and add only what the job needs."
  sources = {
    "AWS IAM Best Practices" = "IAM / Permission (start minimal)"
    "AWS Best Practices (Security, Deployment)" = "1 (access is granted explicitly)"
  }
  why_not = "The order in which permissions are granted is process; the resulting policies are judged by iam-least-privilege."
}

practice "iam-limit-admins" {
  service   = "iam"
  statement = "Keep the number of identities with administrator rights small."
  sources = {
    "AWS Best Practices (Security, Deployment)" = "3 (reduce users with admin rights)"
    "26 AWS Security Best Practices to Adopt in Production" = "Initial AWS setup (admin account only for administration)"
  }
  why_not = "How many is enough is a policy question; each administrator attachment in the source is visible."
}

practice "iam-no-full-admin-policy" {
  service   = "iam"
  statement = "Do not write policies that allow every action on every resource."
  sources = {
    "26 AWS Security Best Practices to Adopt in Production" = "1 (no full star privileges)"
    "AWS IAM Best Practices" = "IAM / practice question 1 (least privilege policies)"
  }
}

practice "iam-least-privilege" {
  service   = "iam"
  statement = "Grant only the permissions a task needs."
  sources = {
    "AWS Best Practices (Security, Deployment)" = "5 (least privilege)"
    "26 AWS Security Best Practices to Adopt in Production" = "1 (tune policies to exact actions and resources)"
    "AWS IAM Best Practices" = "IAM / Permission; IAM / practice questions 1 and 2; Whitepaper / Security (granular policies)"
    "Securing Amazon EC2 Instances" = "User Access (least-privilege roles, low-privilege service accounts); User Access item 2 (minimal access)"
    "AWS Best Practices" = "IAM / DO item 1 (restricted keys)"
  }
}

practice "iam-no-user-policies" {
  service   = "iam"
  statement = "Attach policies to groups or roles, never to single users."
  sources = {
    "26 AWS Security Best Practices to Adopt in Production" = "2 (no policies on users)"
    "AWS IAM Best Practices" = "IAM / Groups"
    "Securing Amazon EC2 Instances" = "User Access item 1 (groups or roles rather than users)"
  }
}

practice "iam-groups-used" {
  service   = "iam"
  statement = "Define permissions per job function in groups and put users into them."
  sources = {
    "AWS IAM Best Practices" = "IAM / Groups"
  }
}

practice "iam-credential-rotation" {
  service   = "iam"
  statement = "Replace access keys at least every 90 days, and passwords and other credentials regularly."
  sources = {
    "AWS Best Practices (Security, Deployment)" = "8 (rotate keys, 90 days); 4 (rotate tokens)"
    "26 AWS Security Best Practices to Adopt in Production" = "3 (rotate access keys within 90 days)"
    "AWS IAM Best Practices" = "IAM / Rotation; IAM / Root Account (rotate keys that are needed); IAM / practice questions 1 to 3"
  }
  why_not = "The age of a key is account state; a declared long-lived key without a rotation trigger is visible."
}

practice "iam-password-policy-strong" {
  service   = "iam"
  statement = "Set an account password policy that demands long, varied, expiring and non-repeating passwords."
  sources = {
    "26 AWS Security Best Practices to Adopt in Production" = "7 (strong password policy, minimum length 8 and four character classes); Initial AWS setup (strong passwords)"
    "AWS IAM Best Practices" = "IAM / Passwords; IAM / Rotation (password policy)"
    "Securing Amazon EC2 Instances" = "User Access item 4 (expiration, last 24 passwords)"
  }
  why_not = "Account-wide: judgeable where the policy resource is declared (Terraform only)."
}

practice "iam-unused-credentials" {
  service   = "iam"
  statement = "Remove users and credentials that are no longer used (90 days without use)."
  sources = {
    "26 AWS Security Best Practices to Adopt in Production" = "8 (unused credentials)"
    "AWS IAM Best Practices" = "IAM / Track & Review"
  }
  why_not = "Use is account state (credential report); a credential that the source itself declares inactive is visible."
}

practice "iam-roles-for-workloads" {
  service   = "iam"
  statement = "Give workloads roles with temporary credentials instead of users with stored keys."
  sources = {
    "AWS Best Practices (Security, Deployment)" = "4 (roles for EC2); 9 (roles with STS)"
    "AWS IAM Best Practices" = "IAM / Role; Whitepaper / Security (roles assign short-term credentials)"
    "Securing Amazon EC2 Instances" = "User Access (avoid user accounts, use service accounts)"
  }
}

practice "iam-role-delegation" {
  service   = "iam"
  statement = "Let users of this account, of other accounts and of external identity providers work through roles, and state exactly who may assume each role."
  sources = {
    "AWS Best Practices (Security, Deployment)" = "9 (roles for users across accounts); 4 (federation and third parties)"
    "AWS IAM Best Practices" = "IAM / Sharing"
  }
}

practice "iam-policy-conditions" {
  service   = "iam"
  statement = "Use policy conditions to narrow access further, for example by source address or by demanding encrypted uploads."
  sources = {
    "AWS IAM Best Practices" = "IAM / Conditions"
  }
  why_not = "Which conditions make sense depends on the organisation; the named examples are judgeable."
}

practice "iam-access-analyzer" {
  service   = "iam"
  statement = "Run IAM Access Analyzer to find external access, generate tight policies and validate policy documents."
  sources = {
    "AWS IAM Best Practices" = "IAM / Use IAM Access Analyzer"
  }
  why_not = "Findings are runtime; the analyzer resource and obvious policy-grammar errors are visible."
}

practice "iam-permissions-boundaries" {
  service   = "iam"
  statement = "Use permissions boundaries when permission management is delegated, so that delegates cannot exceed a set maximum."
  sources = {
    "AWS IAM Best Practices" = "IAM / Use Permissions Boundaries"
  }
  why_not = "Needed only where permission management is delegated."
}

practice "no-hardcoded-credentials" {
  service   = "secrets"
  statement = "Never put credentials into code, templates, user data or repositories."
  sources = {
    "AWS Best Practices (Security, Deployment)" = "4 (credentials stored in repositories)"
    "AWS IAM Best Practices" = "IAM / Role (hard-coded credentials); IAM / practice question 2 (keys in git)"
    "AWS Best Practices" = "EC2 / DO NOT item (mishandled keys)"
  }
}

practice "s3-account-block-public-access" {
  service   = "s3"
  statement = "Switch on S3 Block Public Access for the whole account."
  sources = {
    "26 AWS Security Best Practices to Adopt in Production" = "9 (block public access, account level)"
  }
  why_not = "Account setting: judgeable where Terraform manages it."
}

practice "s3-bucket-block-public-access" {
  service   = "s3"
  statement = "Switch on S3 Block Public Access for every bucket that is not meant to be public."
  sources = {
    "26 AWS Security Best Practices to Adopt in Production" = "11 (block public access at bucket level); 9 (per-bucket check and remedy)"
  }
}

practice "s3-bucket-encryption" {
  service   = "s3"
  statement = "Configure server-side encryption on every bucket."
  sources = {
    "26 AWS Security Best Practices to Adopt in Production" = "10 (server-side encryption)"
    "AWS Best Practices (Security, Deployment)" = "6 Data encryption (S3 server-side encryption for the log bucket)"
  }
}

practice "s3-bucket-not-world-readable" {
  service   = "s3"
  statement = "Watch for bucket policies and ACLs that let the world (or every AWS account) read, list or write."
  sources = {
    "AWS Best Practices (Security, Deployment)" = "13 (world-readable and listable bucket policies)"
    "26 AWS Security Best Practices to Adopt in Production" = "9 and 11 (public access through ACLs or policies)"
  }
}

practice "s3-lifecycle" {
  service   = "s3"
  statement = "Move or expire objects with lifecycle rules and pick the storage class that fits the data, including archival classes for backups."
  sources = {
    "AWS IAM Best Practices" = "Whitepaper / Optimize for Cost (storage classes)"
    "Securing Amazon EC2 Instances" = "Automatic Snapshot (move backups to Glacier)"
  }
  why_not = "The right class and age depend on use; only the presence of rules is judgeable. One class the seed lists (Reduced Redundancy) is no longer recommended by AWS."
}

practice "service-access-logging" {
  service   = "logging"
  statement = "Turn on the access logs of S3 and CloudFront so that actions on data can be traced."
  sources = {
    "AWS IAM Best Practices" = "IAM / Auditing (CloudTrail, S3, CloudFront logging)"
  }
}

practice "cloudtrail-enabled" {
  service   = "cloudtrail"
  statement = "Record API activity with CloudTrail for all regions and services; one trail or more must be multi-region."
  sources = {
    "AWS Best Practices (Security, Deployment)" = "6 (enable CloudTrail); 6 Regions (all regions in use)"
    "26 AWS Security Best Practices to Adopt in Production" = "12 (multi-region trail)"
    "AWS IAM Best Practices" = "IAM / Auditing; IAM / practice question 5; Whitepaper / Security (CloudTrail)"
    "Securing Amazon EC2 Instances" = "Tighten CloudTrail item 1 (all regions and services)"
  }
}

practice "cloudtrail-api-restricted" {
  service   = "cloudtrail"
  statement = "Leave changes to CloudTrail to administrators, and demand MFA of them."
  sources = {
    "AWS Best Practices (Security, Deployment)" = "6 Access control"
  }
  why_not = "Who is an administrator must be configured."
}

practice "cloudtrail-log-retention" {
  service   = "cloudtrail"
  statement = "Decide how long to keep trail logs and let an S3 lifecycle rule remove them."
  sources = {
    "AWS Best Practices (Security, Deployment)" = "6 Log storage (30 to 90 days, lifecycle policy)"
  }
}

practice "cloudtrail-global-events-once" {
  service   = "cloudtrail"
  statement = "Record global service events in one place only, not once per regional trail."
  sources = {
    "AWS Best Practices (Security, Deployment)" = "6 API call logs"
  }
}

practice "cloudtrail-encryption" {
  service   = "cloudtrail"
  statement = "Encrypt trail logs at rest with a KMS key (and move them only over encrypted connections)."
  sources = {
    "AWS Best Practices (Security, Deployment)" = "6 Data encryption (S3 server-side encryption and KMS, in flight and at rest)"
    "26 AWS Security Best Practices to Adopt in Production" = "13 (encryption at rest with a KMS key)"
  }
}

practice "cloudtrail-validation" {
  service   = "cloudtrail"
  statement = "Turn on log file validation for trails."
  sources = {
    "26 AWS Security Best Practices to Adopt in Production" = "14 (log file validation)"
    "Securing Amazon EC2 Instances" = "Tighten CloudTrail item 2 (log file validation)"
  }
}

practice "cloudtrail-bucket-access" {
  service   = "cloudtrail"
  statement = "Log every access to the trail bucket, keep it private, and protect the access logs against tampering."
  sources = {
    "AWS Best Practices (Security, Deployment)" = "7 (access logging on the trail bucket, protection of access logs)"
  }
}

practice "cloudtrail-bucket-mfa-delete" {
  service   = "cloudtrail"
  statement = "Demand MFA before trail logs or their bucket can be deleted."
  sources = {
    "Securing Amazon EC2 Instances" = "Tighten CloudTrail item 3 (MFA to delete)"
  }
}

practice "cloudtrail-immutable-and-processed" {
  service   = "cloudtrail"
  statement = "Keep trail logs immutable and feed them to automation that notifies or reacts."
  sources = {
    "AWS IAM Best Practices" = "Whitepaper / Security (immutable logs, automatic processing)"
  }
}

practice "aws-config-enabled" {
  service   = "config"
  statement = "Run AWS Config in every region, recording all resource types including global ones."
  sources = {
    "26 AWS Security Best Practices to Adopt in Production" = "15 (AWS Config enabled)"
    "AWS IAM Best Practices" = "IAM / practice question 5; Whitepaper / Security (Config)"
  }
  why_not = "Whether every region is covered shows only in the project that manages the baseline; a declared recorder can be judged."
}

practice "continuous-compliance" {
  service   = "config"
  statement = "Audit the account continuously against a benchmark and against your own rules."
  sources = {
    "26 AWS Security Best Practices to Adopt in Production" = "AWS compliance standards & benchmarks (run CIS recurringly)"
    "AWS IAM Best Practices" = "Whitepaper / Security (Config, Inspector, Trusted Advisor); Whitepaper / Optimize for Cost (Trusted Advisor)"
  }
  why_not = "Running an audit is operations; declared detective services and managed rules are visible in a baseline project."
}

practice "guardduty-enabled" {
  service   = "guardduty"
  statement = "Enable GuardDuty in every supported region."
  sources = {
    "26 AWS Security Best Practices to Adopt in Production" = "26 (enable GuardDuty)"
  }
  why_not = "Regional coverage shows only in the baseline project; a declared detector can be judged."
}

practice "dms-not-public" {
  service   = "dms"
  statement = "Keep DMS replication instances on private addresses."
  sources = {
    "26 AWS Security Best Practices to Adopt in Production" = "20 (DMS replication instances not public)"
  }
}

practice "opensearch-encryption" {
  service   = "opensearch"
  statement = "Encrypt OpenSearch and Elasticsearch domains at rest."
  sources = {
    "26 AWS Security Best Practices to Adopt in Production" = "22 (encryption at rest)"
  }
}

practice "sagemaker-notebook-no-internet" {
  service   = "sagemaker"
  statement = "Run SageMaker notebooks inside a VPC with direct internet access switched off, reaching the internet (if needed) through NAT and an outbound-only group."
  sources = {
    "26 AWS Security Best Practices to Adopt in Production" = "23 (no direct internet access)"
  }
}

practice "sagemaker-access-restricted" {
  service   = "sagemaker"
  statement = "Limit who may change SageMaker settings and resources."
  sources = {
    "26 AWS Security Best Practices to Adopt in Production" = "23, paragraph on restricting IAM permissions"
  }
  why_not = "Who is authorised must be configured; broad grants are visible."
}

practice "lambda-supported-runtime" {
  service   = "lambda"
  statement = "Run Lambda functions only on runtimes that still receive security updates."
  sources = {
    "26 AWS Security Best Practices to Adopt in Production" = "24 (supported runtimes)"
  }
}

practice "kms-key-not-accidentally-deleted" {
  service   = "kms"
  statement = "Guard KMS keys against unintended deletion; use the waiting period."
  sources = {
    "26 AWS Security Best Practices to Adopt in Production" = "25 (unintended key deletion)"
  }
}

practice "kms-key-rotation" {
  service   = "kms"
  statement = "Rotate encryption keys regularly."
  sources = {
    "AWS Best Practices (Security, Deployment)" = "8 (rotate keys regularly; the text speaks of API keys, extended here to KMS)"
    "26 AWS Security Best Practices to Adopt in Production" = "10 and 13 (keys rotated by the service, customer keys for logs)"
  }
}

practice "ecr-not-public" {
  service   = "ecr"
  statement = "Do not expose image repositories publicly, except deliberately public base images without company content."
  sources = {
    "AWS Best Practices" = "ECR / DO item 1 (repositories not publicly exposed), with its exception note"
  }
}

practice "ecr-scan-images" {
  service   = "ecr"
  statement = "Scan images automatically when they are pushed, and rebuild rather than patch when vulnerabilities appear."
  sources = {
    "AWS Best Practices" = "ECR / DO item 2 (scan on push); ECR / DO item (update packages, scanning tools)"
    "AWS IAM Best Practices" = "Containers / Scan images for vulnerabilities"
  }
}

practice "ecr-lifecycle" {
  service   = "ecr"
  statement = "Consider a lifecycle policy to limit image storage cost, weighing it against the need for old releases."
  sources = {
    "AWS Best Practices" = "ECR / DO item 3 (life cycle policy), with its two warnings"
  }
}

practice "image-semver-tags" {
  service   = "container"
  statement = "Tag images with semantic versions and consistent names."
  sources = {
    "AWS Best Practices" = "ECR / DO item (semantic versioning and consistent naming)"
  }
  why_not = "Tags are made by the build; the source shows only the image references it deploys."
}

practice "ecr-replication" {
  service   = "ecr"
  statement = "Replicate images to another region."
  sources = {
    "AWS Best Practices" = "ECR / DO item (cross-region replication)"
  }
}

practice "images-minimal" {
  service   = "container"
  statement = "Build minimal images: drop binaries, tools and dependencies that are not needed, use multi-stage builds and familiar base images."
  sources = {
    "AWS Best Practices" = "ECR / DO item (minimal images, unfamiliar base images); ECR / DO item (multi-stage builds)"
    "AWS IAM Best Practices" = "Containers / Remove unnecessary tools; Containers / Build the smallest image possible; Containers / practice question 1"
  }
  why_not = "Decided in Dockerfiles and image content, which are not Terraform or CloudFormation."
}

practice "images-trusted-base" {
  service   = "container"
  statement = "Think twice about public images; build on a known base."
  sources = {
    "AWS IAM Best Practices" = "Containers / Using public image"
    "AWS Best Practices" = "ECR / DO item (unfamiliar base images)"
  }
  why_not = "Base images are in Dockerfiles; the registries of deployed images are visible."
}

practice "images-managed-base" {
  service   = "container"
  statement = "Use base images that their publisher patches for you."
  sources = {
    "AWS IAM Best Practices" = "Containers / Managed Base Images"
  }
  why_not = "Concerns another cloud and the content of Dockerfiles."
}

practice "images-patched" {
  service   = "container"
  statement = "Update the packages inside images regularly."
  sources = {
    "AWS Best Practices" = "ECR / DO item (regularly update packages)"
  }
  why_not = "A build process; the scan that reveals it is ecr-scan-on-push."
}

practice "dockerfiles-linted" {
  service   = "container"
  statement = "Lint and scan all Dockerfiles."
  sources = {
    "AWS Best Practices" = "ECR / DO item (scan and lint Dockerfiles)"
  }
  why_not = "Dockerfiles are not Terraform or CloudFormation; a Dockerfile linter is the tool for it."
}

practice "ecr-immutable-tags" {
  service   = "ecr"
  statement = "Make image tags immutable so that a pushed tag can never be overwritten."
  sources = {
    "AWS Best Practices" = "ECR / last DO item (immutability), with its reproducibility note"
  }
}

practice "container-single-app" {
  service   = "container"
  statement = "Run one application per container, with the lifecycle of the container."
  sources = {
    "AWS IAM Best Practices" = "Containers / Package a single app per container; Containers / practice question 1"
  }
  why_not = "What runs inside an image is not in the source."
}

practice "container-pid1-signals" {
  service   = "container"
  statement = "Let the application receive signals as process 1, or run a small init that reaps child processes."
  sources = {
    "AWS IAM Best Practices" = "Containers / Properly handle PID 1"
  }
  why_not = "Dockerfile instructions are out of reach; ECS can be told to run an init process."
}

practice "container-build-cache" {
  service   = "container"
  statement = "Order Dockerfile steps so that the build cache is used."
  sources = {
    "AWS IAM Best Practices" = "Containers / Optimize for the Docker build cache"
  }
  why_not = "Dockerfile order is not IaC."
}

practice "container-non-root" {
  service   = "container"
  statement = "Do not run containers as root."
  sources = {
    "AWS IAM Best Practices" = "Containers / Remove unnecessary tools (avoid running as root)"
  }
  why_not = "The user may be set in the image, which is not visible; the task definition is."
}

practice "container-readonly-root" {
  service   = "container"
  statement = "Run containers with a read-only root file system."
  sources = {
    "AWS IAM Best Practices" = "Containers / Remove unnecessary tools (read-only mode)"
  }
}

practice "logs-central" {
  service   = "logging"
  statement = "Collect logs centrally, because servers and containers come and go."
  sources = {
    "AWS IAM Best Practices" = "Whitepaper / Security (CloudWatch Logs)"
  }
  why_not = "Agents inside hosts are not visible; container log drivers are."
}

practice "elastic-capacity" {
  service   = "autoscaling"
  statement = "Scale out and in automatically (behind a load balancer) so that demand, and floods of it, are absorbed and idle capacity is released."
  sources = {
    "AWS Best Practices (Security, Deployment)" = "10 (Auto Scaling dampens DDoS)"
    "AWS IAM Best Practices" = "Whitepaper / Automation (Auto Scaling); Whitepaper / Scalability (horizontal scaling, push model); Whitepaper / Optimize for Cost (scale with demand)"
    "Securing Amazon EC2 Instances" = "Elastic Load Balancer & Reverse Proxies (ELB against DoS)"
  }
  why_not = "Not every workload can scale out; groups that are declared can be judged."
}

practice "load-balancer-resilience" {
  service   = "elb"
  statement = "Put load balancers across zones, with health checks, so that traffic goes to healthy targets only."
  sources = {
    "AWS IAM Best Practices" = "Whitepaper / Removing Single Points of Failure (ELB health checks); Whitepaper / Loose Coupling (ELB as the single point of contact)"
    "AWS Best Practices (Security, Deployment)" = "10 (load balancer in front)"
  }
  why_not = "Zones of subnets outside the project cannot be seen."
}

practice "dns-failover" {
  service   = "route53"
  statement = "Use Route 53 health checks so that failing endpoints stop receiving traffic."
  sources = {
    "AWS IAM Best Practices" = "Whitepaper / Removing Single Points of Failure (Route 53 health checks); Whitepaper / Loose Coupling (Route 53 zones in front of load balancers)"
  }
  why_not = "Only records with a routing policy need a health check."
}

practice "rds-multi-az" {
  service   = "rds"
  statement = "Run relational databases in more than one zone with synchronous standby, and use replicas for read capacity."
  sources = {
    "AWS IAM Best Practices" = "Whitepaper / Databases (Multi-AZ, read replicas); Whitepaper / Removing Single Points of Failure (standby redundancy, Multi-AZ RDS)"
  }
}

practice "elasticache-failover" {
  service   = "elasticache"
  statement = "Replicate cache nodes across zones with automatic failover."
  sources = {
    "AWS IAM Best Practices" = "Whitepaper / Removing Single Points of Failure (ElastiCache with automatic failover)"
  }
}

practice "scheduled-snapshots" {
  service   = "backup"
  statement = "Take snapshots on a schedule and move old backups to archival storage."
  sources = {
    "Securing Amazon EC2 Instances" = "Automatic Snapshot"
  }
  why_not = "A backup plan may live in another project; declared volumes and plans can be matched."
}

practice "waf-web-applications" {
  service   = "waf"
  statement = "Put a web application firewall in front of public web applications."
  sources = {
    "AWS IAM Best Practices" = "Whitepaper / Security (WAF)"
  }
  why_not = "Which endpoint is a web application is not always visible; public application load balancers, distributions and API stages are."
}

practice "cost-allocation-tags" {
  service   = "cost"
  statement = "Tag resources so that cost can be attributed."
  sources = {
    "AWS IAM Best Practices" = "Whitepaper / Optimize for Cost (cost allocation tags)"
  }
  why_not = "The keys are the organisation choice; without configuration only a wholly untagged resource is reported."
}

practice "ebs-volume-type" {
  service   = "cost"
  statement = "Choose the volume type that fits the workload (magnetic, general purpose, provisioned IOPS)."
  sources = {
    "AWS IAM Best Practices" = "Whitepaper / Optimize for Cost (EBS volumes)"
  }
  why_not = "Fitness depends on the workload; only previous-generation types can be pointed out."
}

practice "stateless-applications" {
  service   = "architecture"
  statement = "Keep applications stateless, or keep session state in an external store instead of binding a client to one server."
  sources = {
    "AWS IAM Best Practices" = "Whitepaper / Scalability (stateless, external store, session affinity)"
  }
  why_not = "Statelessness is a property of the code; a sticky target group hints at the opposite."
}

practice "naming-convention" {
  service   = "naming"
  statement = "Give resources complete, lower-case names built from a standard entity prefix, the region code for regional resources, and descriptive words."
  sources = {
    "AWS Best Practices" = "Naming (rule and table: entity and prefix; region only where a resource can exist in several); EC2 / DO item (descriptive names); ECR / DO item (consistent naming)"
  }
}

practice "dr-plan" {
  service   = "general"
  statement = "Keep a complete, rehearsed disaster recovery plan with stated recovery time and recovery point for every workload."
  sources = {
    "AWS Best Practices" = "General; EC2 / DO item (review and test EC2 disaster recovery)"
    "AWS IAM Best Practices" = "Whitepaper / Removing Single Points of Failure (standby, active, replication choices)"
  }
  why_not = "A plan, its review and its exercises are human processes; backup schedules are judged by scheduled-snapshots."
}

practice "ec2-cleanup-unused" {
  service   = "ec2"
  statement = "Stop or terminate instances that are no longer needed."
  sources = {
    "AWS Best Practices" = "EC2 / DO item (clean up unused instances)"
  }
  why_not = "Use is runtime information."
}

practice "billing-alerts" {
  service   = "cost"
  statement = "Keep free-tier usage alerts of the billing settings switched on."
  sources = {
    "AWS Best Practices" = "EC2 / DO item (free tier usage alerts)"
  }
  why_not = "A billing preference that no Terraform or CloudFormation resource represents (a budget is a different thing)."
}

practice "ec2-hardening-process" {
  service   = "ec2"
  statement = "Have a hardening procedure for instances, such as removing software that is not needed."
  sources = {
    "AWS Best Practices" = "EC2 / DO item (security hardening process)"
  }
  why_not = "A process inside the operating system or image build."
}

practice "key-custody" {
  service   = "iam"
  statement = "Keep the credentials used by developers safe and few, since every laptop that holds them widens the attack surface."
  sources = {
    "AWS Best Practices" = "IAM / DO item 1, warning note"
  }
  why_not = "Where people keep keys is not in the source; declared keys are judged by iam-access-key-rotation."
}

practice "mfa-device-management" {
  service   = "iam"
  statement = "Choose MFA devices that AWS supports and plan for their loss."
  sources = {
    "AWS Best Practices (Security, Deployment)" = "2 (choice and recovery of MFA devices)"
  }
  why_not = "Procurement and support process."
}

practice "credential-report-review" {
  service   = "iam"
  statement = "Review the credential report to find credentials that can go."
  sources = {
    "AWS IAM Best Practices" = "IAM / Track & Review (credential report); IAM / practice question 5"
  }
  why_not = "A periodic review of account state."
}

practice "shared-responsibility" {
  service   = "general"
  statement = "Know which part of security is yours under the shared responsibility model."
  sources = {
    "AWS Best Practices (Security, Deployment)" = "10 (shared responsibility)"
    "26 AWS Security Best Practices to Adopt in Production" = "Initial AWS setup (shared responsibility)"
    "AWS IAM Best Practices" = "Whitepaper / Security (shared responsibility)"
    "Securing Amazon EC2 Instances" = "Shared responsibility model (figures)"
  }
  why_not = "A principle, not a setting."
}

practice "ddos-support-plan" {
  service   = "general"
  statement = "Know your logs and work with AWS support when an attack happens."
  sources = {
    "AWS Best Practices (Security, Deployment)" = "12 (logs and AWS Support); 10 (DDoS resiliency white paper)"
  }
  why_not = "Incident response."
}

practice "security-group-as-firewall-when-no-asg" {
  service   = "vpc"
  statement = "Where Auto Scaling is not affordable, rely on security groups and network ACLs to keep hostile traffic out."
  sources = {
    "AWS Best Practices (Security, Deployment)" = "11 (measures when Auto Scaling is not an option)"
  }
  why_not = "Whether Auto Scaling is affordable is a business question; the rules themselves are judged."
}

practice "vertical-vs-horizontal-scaling" {
  service   = "architecture"
  statement = "Prefer horizontal to vertical scaling where the application allows it."
  sources = {
    "AWS IAM Best Practices" = "Whitepaper / Scalability (vertical and horizontal scaling)"
  }
  why_not = "A design decision."
}

practice "distributed-processing" {
  service   = "architecture"
  statement = "Distribute work with push (load balancer), pull (queues, streams) or parallel processing."
  sources = {
    "AWS IAM Best Practices" = "Whitepaper / Scalability (push, pull, distributed processing)"
  }
  why_not = "A design decision."
}

practice "golden-images-bootstrapping" {
  service   = "architecture"
  statement = "Create compute repeatably by bootstrapping, golden images or containers."
  sources = {
    "AWS IAM Best Practices" = "Whitepaper / Disposable Resources (bootstrapping, golden images, containers)"
  }
  why_not = "A way of building; the use of launch templates is judged by immutable-infrastructure."
}

practice "infrastructure-as-code" {
  service   = "architecture"
  statement = "Describe infrastructure as code and never change servers by hand."
  sources = {
    "AWS IAM Best Practices" = "Whitepaper / Disposable Resources (Infrastructure as Code)"
    "AWS Best Practices (Security, Deployment)" = "11 (deploy as code and never administer a box by hand)"
  }
  why_not = "Analysing source presupposes it; what is not in source cannot be seen."
}

practice "managed-automation" {
  service   = "architecture"
  statement = "Use managed automation such as Elastic Beanstalk, event rules, scheduled functions and configuration management."
  sources = {
    "AWS IAM Best Practices" = "Whitepaper / Automation (Beanstalk, Events, OpsWorks, scheduled functions)"
  }
  why_not = "A choice of service, not a setting."
}

practice "loose-coupling" {
  service   = "architecture"
  statement = "Couple components loosely through queues, streams, service discovery and well-defined interfaces."
  sources = {
    "AWS IAM Best Practices" = "Whitepaper / Loose Coupling"
  }
  why_not = "A design decision."
}

practice "database-choice" {
  service   = "architecture"
  statement = "Pick the database family (relational, NoSQL, warehouse) that fits the data, and scale it the way that family scales."
  sources = {
    "AWS IAM Best Practices" = "Whitepaper / Services, Not Servers / Databases"
  }
  why_not = "A design decision; Multi-AZ is judged by rds-multi-az."
}

practice "durable-storage-services" {
  service   = "architecture"
  statement = "Lean on services that store data redundantly by themselves."
  sources = {
    "AWS IAM Best Practices" = "Whitepaper / Removing Single Points of Failure (S3, DynamoDB)"
  }
  why_not = "A property of the services, with nothing to configure."
}

practice "cost-managed-services" {
  service   = "cost"
  statement = "Use purchase options, serverless and managed services so that idle capacity is not paid for."
  sources = {
    "AWS IAM Best Practices" = "Whitepaper / Optimize for Cost (instance options, Lambda, managed services)"
  }
  why_not = "A design and purchasing decision; spot use is judged by ec2-spot-noncritical."
}

practice "caching" {
  service   = "architecture"
  statement = "Cache application data in memory and content at the edge."
  sources = {
    "AWS IAM Best Practices" = "Whitepaper / Caching"
  }
  why_not = "Whether something should be cached is a design decision; declared caches are judged for failover and logging."
}

practice "temporary-credentials-for-apps" {
  service   = "architecture"
  statement = "Give mobile and client applications temporary credentials through an identity service."
  sources = {
    "AWS IAM Best Practices" = "Whitepaper / Security (Cognito); IAM / Sharing (external identity providers)"
  }
  why_not = "A design decision; trust policies are judged by iam-role-trust-oidc-scoped."
}

practice "security-compliance-benchmarks" {
  service   = "general"
  statement = "Follow the compliance standards of your industry and treat security as continuous work."
  sources = {
    "26 AWS Security Best Practices to Adopt in Production" = "AWS compliance standards & benchmarks"
  }
  why_not = "Governance; declared detective services are judged by continuous-compliance."
}
