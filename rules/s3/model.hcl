# S3 buckets, with the resources of their own that configure them in Terraform since release 4 of the provider (the
# arguments of the bucket are deprecated since then, but still there), and what the account sets for all of them.

resource "s3.bucket" {
  terraform      = "aws_s3_bucket"
  cloudformation = "AWS::S3::Bucket"
  identity       = [bucket, BucketName]

  attribute "name" {
    type           = string
    terraform      = bucket
    cloudformation = BucketName
  }
  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
    absent         = {}
  }

  # The block of public access. Without one S3 switches all four settings on for buckets that are made since April 2023;
  # what a block that is written leaves out is off:
  # https://docs.aws.amazon.com/AmazonS3/latest/API/API_PublicAccessBlockConfiguration.html
  # https://aws.amazon.com/about-aws/whats-new/2022/12/amazon-s3-automatically-enable-block-public-access-disable-access-control-lists-buckets-april-2023/
  attribute "public_access_block.written" {
    type           = any
    terraform      = none
    cloudformation = PublicAccessBlockConfiguration
    satellite "aws_s3_bucket_public_access_block" {
      parent = bucket
      value  = bucket
    }
  }
  attribute "public_access_block.block_public_acls" {
    type           = bool
    terraform      = none
    cloudformation = PublicAccessBlockConfiguration.BlockPublicAcls
    absent         = false
    satellite "aws_s3_bucket_public_access_block" {
      parent    = bucket
      value     = block_public_acls
      reference = id
    }
  }
  attribute "public_access_block.block_public_policy" {
    type           = bool
    terraform      = none
    cloudformation = PublicAccessBlockConfiguration.BlockPublicPolicy
    absent         = false
    satellite "aws_s3_bucket_public_access_block" {
      parent    = bucket
      value     = block_public_policy
      reference = id
    }
  }
  attribute "public_access_block.ignore_public_acls" {
    type           = bool
    terraform      = none
    cloudformation = PublicAccessBlockConfiguration.IgnorePublicAcls
    absent         = false
    satellite "aws_s3_bucket_public_access_block" {
      parent    = bucket
      value     = ignore_public_acls
      reference = id
    }
  }
  attribute "public_access_block.restrict_public_buckets" {
    type           = bool
    terraform      = none
    cloudformation = PublicAccessBlockConfiguration.RestrictPublicBuckets
    absent         = false
    satellite "aws_s3_bucket_public_access_block" {
      parent    = bucket
      value     = restrict_public_buckets
      reference = id
    }
  }

  # Default encryption. S3 encrypts with AES256 what nobody tells it to encrypt, since January 2023:
  # https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
  attribute "encryption.algorithm" {
    type           = string
    terraform      = server_side_encryption_configuration[0].rule[0].apply_server_side_encryption_by_default[0].sse_algorithm
    cloudformation = BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.SSEAlgorithm
    fills_element  = true
    satellite "aws_s3_bucket_server_side_encryption_configuration" {
      parent    = bucket
      value     = rule[0].apply_server_side_encryption_by_default[0].sse_algorithm
      reference = id
      since     = "4.0"
    }
  }
  # Without one AWS uses its own key `aws/s3`.
  attribute "encryption.key" {
    type           = string
    terraform      = server_side_encryption_configuration[0].rule[0].apply_server_side_encryption_by_default[0].kms_master_key_id
    cloudformation = BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.KMSMasterKeyID
    satellite "aws_s3_bucket_server_side_encryption_configuration" {
      parent    = bucket
      value     = rule[0].apply_server_side_encryption_by_default[0].kms_master_key_id
      reference = id
      since     = "4.0"
    }
  }

  # Without a policy there are no statements.
  attribute "policy" {
    type           = any
    terraform      = policy
    cloudformation = none
    absent         = {}
    satellite "aws_s3_bucket_policy" {
      parent = bucket
      value  = policy
    }
    satellite "AWS::S3::BucketPolicy" {
      parent = Bucket
      value  = PolicyDocument
    }
  }

  # Canned ACL. https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
  attribute "acl" {
    type                  = string
    terraform             = acl
    cloudformation        = AccessControl
    absent_terraform      = "private"
    absent_cloudformation = "Private"
    satellite "aws_s3_bucket_acl" {
      parent = bucket
      value  = acl
    }
  }
  # Who owns objects; `BucketOwnerEnforced` switches ACLs off. It is the default of buckets that are made since April 2023,
  # and what a bucket with an ACL has to deviate from.
  # https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
  attribute "object_ownership" {
    type           = string
    terraform      = none
    cloudformation = OwnershipControls.Rules[0].ObjectOwnership
    satellite "aws_s3_bucket_ownership_controls" {
      parent = bucket
      value  = rule[0].object_ownership
    }
  }

  # A word in the resource of its own and in CloudFormation, a truth value in the argument of the bucket.
  # https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
  attribute "versioning.status" {
    type           = string
    terraform      = none
    cloudformation = VersioningConfiguration.Status
    satellite "aws_s3_bucket_versioning" {
      parent    = bucket
      value     = versioning_configuration[0].status
      reference = id
      since     = "4.0"
    }
  }
  attribute "versioning.enabled" {
    type           = bool
    terraform      = versioning[0].enabled
    cloudformation = none
  }
  # CloudFormation cannot set it.
  # https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiFactorAuthenticationDelete.html
  attribute "versioning.mfa_delete" {
    type           = string
    terraform      = none
    cloudformation = none
    satellite "aws_s3_bucket_versioning" {
      parent    = bucket
      value     = versioning_configuration[0].mfa_delete
      reference = id
      since     = "4.0"
    }
  }
  attribute "versioning.mfa_delete_enabled" {
    type           = bool
    terraform      = versioning[0].mfa_delete
    cloudformation = none
  }

  # https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
  attribute "object_lock.enabled" {
    type           = bool
    terraform      = object_lock_enabled
    cloudformation = ObjectLockEnabled
  }
  attribute "object_lock.state" {
    type           = string
    terraform      = object_lock_configuration[0].object_lock_enabled
    cloudformation = ObjectLockConfiguration.ObjectLockEnabled
  }
  attribute "object_lock.mode" {
    type           = string
    terraform      = object_lock_configuration[0].rule[0].default_retention[0].mode
    cloudformation = ObjectLockConfiguration.Rule.DefaultRetention.Mode
    satellite "aws_s3_bucket_object_lock_configuration" {
      parent = bucket
      value  = rule[0].default_retention[0].mode
    }
  }

  attribute "logging.target" {
    type           = string
    terraform      = logging[0].target_bucket
    cloudformation = LoggingConfiguration.DestinationBucketName
    satellite "aws_s3_bucket_logging" {
      parent = bucket
      value  = target_bucket
    }
  }

  # https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
  list "lifecycle_rules" {
    terraform      = lifecycle_rule
    cloudformation = LifecycleConfiguration.Rules
    # A word in the resource of its own and in CloudFormation, a truth value in the argument of the bucket.
    attribute "status" {
      type           = string
      terraform      = none
      cloudformation = Status
    }
    attribute "enabled" {
      type           = bool
      terraform      = enabled
      cloudformation = none
    }
    # Which objects it is about: those whose keys begin so, those with tags.
    attribute "prefix" {
      type           = string
      terraform      = prefix
      cloudformation = Prefix
      absent         = ""
    }
    attribute "tags" {
      type           = any
      terraform      = tags
      cloudformation = TagFilters
      absent         = {}
    }
    attribute "expiration_days" {
      type           = number
      terraform      = expiration[0].days
      cloudformation = ExpirationInDays
    }
    attribute "expiration_date" {
      type           = string
      terraform      = expiration[0].date
      cloudformation = ExpirationDate
    }
    # The classes that objects move to, old versions aside.
    attribute "storage_classes" {
      type           = strings
      terraform      = transition[*].storage_class
      cloudformation = [Transitions[*].StorageClass, Transition.StorageClass]
      absent         = []
    }
    satellite "aws_s3_bucket_lifecycle_configuration" {
      parent = bucket
      value  = rule
      spelling = {
        status  = status
        enabled = none
        prefix  = [filter[0].prefix, filter[0].and[0].prefix, prefix]
        tags    = [filter[0].tag, filter[0].and[0].tags]
      }
    }
  }

  # Grants beside the canned ACL. CloudFormation has none.
  list "grants" {
    terraform      = grant
    cloudformation = none
    # The group; what is granted to an account or a user has none.
    attribute "grantee" {
      type           = string
      terraform      = uri
      cloudformation = none
      absent         = ""
    }
    attribute "permissions" {
      type           = strings
      terraform      = permissions
      cloudformation = none
      absent         = []
    }
    satellite "aws_s3_bucket_acl" {
      parent   = bucket
      value    = access_control_policy[0].grant
      spelling = { grantee = grantee[0].uri, permissions = permission }
    }
  }

  # The other way round: what writes its access logs, or its flow logs, into this bucket.
  list "log_sources" {
    terraform      = none
    cloudformation = none
    satellite "aws_s3_bucket_logging" {
      parent = target_bucket
    }
    satellite "aws_s3_bucket" {
      parent = logging[0].target_bucket
    }
    satellite "AWS::S3::Bucket" {
      parent = LoggingConfiguration.DestinationBucketName
    }
    satellite "aws_lb" {
      parent = access_logs[0].bucket
    }
    satellite "aws_alb" {
      parent = access_logs[0].bucket
    }
    satellite "aws_elb" {
      parent = access_logs[0].bucket
    }
    satellite "AWS::ElasticLoadBalancing::LoadBalancer" {
      parent = AccessLoggingPolicy.S3BucketName
    }
    satellite "aws_cloudfront_distribution" {
      parent = logging_config[0].bucket
    }
    satellite "AWS::CloudFront::Distribution" {
      parent = DistributionConfig.Logging.Bucket
    }
    satellite "aws_flow_log" {
      parent = log_destination
      when   = log_destination_type == "s3"
    }
    satellite "AWS::EC2::FlowLog" {
      parent = LogDestination
      when   = LogDestinationType == "s3"
    }
  }
  # The trails that write into this bucket.
  list "trails" {
    terraform      = none
    cloudformation = none
    attribute "prefix" {
      type           = string
      terraform      = s3_key_prefix
      cloudformation = S3KeyPrefix
      absent         = ""
    }
    satellite "aws_cloudtrail" {
      parent = s3_bucket_name
    }
    satellite "AWS::CloudTrail::Trail" {
      parent = S3BucketName
    }
  }
}

resource "s3.object" {
  terraform = ["aws_s3_object", "aws_s3_bucket_object"]

  # https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html#API_PutObject_RequestSyntax
  attribute "acl" {
    type      = string
    terraform = acl
    absent    = "private"
  }

  relation "bucket" {
    to        = s3.bucket
    terraform = bucket
  }
}

resource "s3.account_public_access_block" {
  terraform = "aws_s3_account_public_access_block"

  # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/s3_account_public_access_block
  attribute "block_public_acls" {
    type      = bool
    terraform = block_public_acls
    absent    = false
  }
  attribute "block_public_policy" {
    type      = bool
    terraform = block_public_policy
    absent    = false
  }
  attribute "ignore_public_acls" {
    type      = bool
    terraform = ignore_public_acls
    absent    = false
  }
  attribute "restrict_public_buckets" {
    type      = bool
    terraform = restrict_public_buckets
    absent    = false
  }
}

# Whether the account blocks all public access to its buckets, whatever they say themselves.
account "s3_blocks_public_access" {
  value = anytrue([for a in resources.s3.account_public_access_block :
    a.block_public_acls && a.block_public_policy && a.ignore_public_acls && a.restrict_public_buckets
  ])
}
