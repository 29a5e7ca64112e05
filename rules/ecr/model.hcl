# ECR: private and public repositories, the templates they are created from, and what the registry does for all of them.

resource "ecr.repository" {
  terraform      = "aws_ecr_repository"
  cloudformation = "AWS::ECR::Repository"
  identity       = [name, RepositoryName]

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = RepositoryName
  }
  # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/ecr_repository#image_tag_mutability
  # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ecr-repository.html
  attribute "tag_mutability" {
    type           = string
    terraform      = image_tag_mutability
    cloudformation = ImageTagMutability
    absent         = "MUTABLE"
  }
  # Since version 6 of the provider.
  attribute "tag_mutability_exclusions" {
    type           = strings
    terraform      = image_tag_mutability_exclusion_filter[*].filter
    cloudformation = ImageTagMutabilityExclusionFilters[*].ImageTagMutabilityExclusionFilterValue
    absent         = []
  }
  # https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanningConfiguration.html
  attribute "scan_on_push" {
    type           = bool
    terraform      = image_scanning_configuration[0].scan_on_push
    cloudformation = ImageScanningConfiguration.ScanOnPush
    absent         = false
  }
  # Without a policy only the account of the repository has access:
  # https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
  attribute "policy" {
    type           = any
    terraform      = none
    cloudformation = RepositoryPolicyText

    satellite "aws_ecr_repository_policy" {
      parent = repository
      value  = policy
    }
  }
  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
  }
  # One at most. Without one images are kept for ever:
  # https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
  list "lifecycle_policies" {
    terraform      = none
    cloudformation = LifecyclePolicy

    attribute "text" {
      type           = any
      terraform      = policy
      cloudformation = LifecyclePolicyText
    }

    satellite "aws_ecr_lifecycle_policy" {
      parent = repository
    }
  }
}

# What repositories get that are created by replication, by a pull through a cache, or by a push.
resource "ecr.creation_template" {
  terraform      = "aws_ecr_repository_creation_template"
  cloudformation = "AWS::ECR::RepositoryCreationTemplate"

  attribute "applied_for" {
    type           = strings
    terraform      = applied_for
    cloudformation = AppliedFor
  }
  # https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_RepositoryCreationTemplate.html
  attribute "tag_mutability" {
    type           = string
    terraform      = image_tag_mutability
    cloudformation = ImageTagMutability
    absent         = "MUTABLE"
  }
  attribute "tag_mutability_exclusions" {
    type           = strings
    terraform      = image_tag_mutability_exclusion_filter[*].filter
    cloudformation = ImageTagMutabilityExclusionFilters[*].ImageTagMutabilityExclusionFilterValue
    absent         = []
  }
  attribute "policy" {
    type           = any
    terraform      = repository_policy
    cloudformation = RepositoryPolicy
  }
}

resource "ecr.registry_policy" {
  terraform      = "aws_ecr_registry_policy"
  cloudformation = "AWS::ECR::RegistryPolicy"

  attribute "policy" {
    type           = any
    terraform      = policy
    cloudformation = PolicyText
  }
}

# One for all repositories of an account in a region.
resource "ecr.registry_scanning" {
  terraform      = "aws_ecr_registry_scanning_configuration"
  cloudformation = "AWS::ECR::RegistryScanningConfiguration"

  attribute "scan_type" {
    type           = string
    terraform      = scan_type
    cloudformation = ScanType
    # https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutRegistryScanningConfiguration.html
    absent = "BASIC"
  }

  list "rules" {
    terraform      = rule
    cloudformation = Rules

    attribute "scan_frequency" {
      type           = string
      terraform      = scan_frequency
      cloudformation = ScanFrequency
    }
    attribute "filters" {
      type           = strings
      terraform      = repository_filter[*].filter
      cloudformation = RepositoryFilters[*].Filter
    }
  }
}

# One for all repositories of an account in a region.
resource "ecr.replication" {
  terraform      = "aws_ecr_replication_configuration"
  cloudformation = "AWS::ECR::ReplicationConfiguration"

  list "rules" {
    terraform      = replication_configuration[0].rule
    cloudformation = ReplicationConfiguration.Rules

    attribute "regions" {
      type           = strings
      terraform      = destination[*].region
      cloudformation = Destinations[*].Region
      absent         = []
    }
    # Prefixes of names; without any, all repositories.
    # https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_RepositoryFilter.html
    attribute "prefixes" {
      type           = strings
      terraform      = repository_filter[*].filter
      cloudformation = RepositoryFilters[*].Filter
      absent         = []
    }
  }
}

resource "ecr.public_repository" {
  terraform      = "aws_ecrpublic_repository"
  cloudformation = "AWS::ECR::PublicRepository"

  attribute "name" {
    type           = string
    terraform      = repository_name
    cloudformation = RepositoryName
  }
  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
    absent         = {}
  }
}

resource "ecr.pull_through_cache" {
  terraform      = "aws_ecr_pull_through_cache_rule"
  cloudformation = "AWS::ECR::PullThroughCacheRule"

  attribute "prefix" {
    type           = string
    terraform      = ecr_repository_prefix
    cloudformation = EcrRepositoryPrefix
  }
}

# A repository that is declared elsewhere.
resource "ecr.repository_lookup" {
  terraform = "data.aws_ecr_repository"

  attribute "name" {
    type      = string
    terraform = name
  }
}
