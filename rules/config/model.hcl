# AWS Config: what records, where it delivers, what is evaluated, and what collects it from other accounts and regions.

resource "config.recorder" {
  terraform      = "aws_config_configuration_recorder"
  cloudformation = "AWS::Config::ConfigurationRecorder"
  identity       = [name, Name]

  # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/config_configuration_recorder#name
  attribute "name" {
    type             = string
    terraform        = name
    cloudformation   = Name
    absent_terraform = "default"
  }
  # The provider sends true unless told otherwise; the service records all regional types when there is no group, and
  # takes a group without the flag for a list.
  # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/config_configuration_recorder#recording_group
  # https://docs.aws.amazon.com/config/latest/APIReference/API_PutConfigurationRecorder.html
  # https://docs.aws.amazon.com/config/latest/APIReference/API_RecordingGroup.html
  attribute "all_supported" {
    type                  = bool
    terraform             = recording_group[0].all_supported
    cloudformation        = RecordingGroup.AllSupported
    absent_terraform      = true
    absent_cloudformation = self.RecordingGroup == null
  }
  # https://docs.aws.amazon.com/config/latest/APIReference/API_RecordingGroup.html
  attribute "include_global" {
    type           = bool
    terraform      = recording_group[0].include_global_resource_types
    cloudformation = RecordingGroup.IncludeGlobalResourceTypes
    absent         = false
  }
  attribute "resource_types" {
    type           = strings
    terraform      = recording_group[0].resource_types
    cloudformation = RecordingGroup.ResourceTypes
    absent         = []
  }
  attribute "excluded_types" {
    type           = strings
    terraform      = recording_group[0].exclusion_by_resource_types[0].resource_types
    cloudformation = RecordingGroup.ExclusionByResourceTypes.ResourceTypes
    absent         = []
  }
  attribute "exclusion" {
    type           = any
    terraform      = recording_group[0].exclusion_by_resource_types
    cloudformation = RecordingGroup.ExclusionByResourceTypes
  }
  attribute "strategy" {
    type           = any
    terraform      = recording_group[0].recording_strategy
    cloudformation = RecordingGroup.RecordingStrategy
  }
  # Terraform creates it stopped, CloudFormation starts it.
  # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/config_configuration_recorder
  # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-config-configurationrecorder.html
  attribute "started" {
    type                  = bool
    terraform             = none
    cloudformation        = StartedOnCreate
    absent_terraform      = false
    absent_cloudformation = true

    satellite "aws_config_configuration_recorder_status" {
      parent = name
      value  = is_enabled
    }
  }
}

# One for an account in a region.
resource "config.delivery_channel" {
  terraform      = "aws_config_delivery_channel"
  cloudformation = "AWS::Config::DeliveryChannel"

  attribute "bucket" {
    type           = string
    terraform      = s3_bucket_name
    cloudformation = S3BucketName
  }
}

resource "config.aggregator" {
  terraform      = "aws_config_configuration_aggregator"
  cloudformation = "AWS::Config::ConfigurationAggregator"

  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
    absent         = {}
  }
  list "sources" {
    terraform      = [account_aggregation_source, organization_aggregation_source]
    cloudformation = [AccountAggregationSources, OrganizationAggregationSource]

    # https://docs.aws.amazon.com/config/latest/APIReference/API_AccountAggregationSource.html
    attribute "all_regions" {
      type           = bool
      terraform      = all_regions
      cloudformation = AllAwsRegions
      absent         = false
    }
    attribute "regions" {
      type           = strings
      terraform      = regions
      cloudformation = AwsRegions
      absent         = []
    }
  }
}

# A rule that the service evaluates, for one account or for those of an organization.
resource "config.rule" {
  terraform      = ["aws_config_config_rule", "aws_config_organization_managed_rule"]
  cloudformation = ["AWS::Config::ConfigRule", "AWS::Config::OrganizationConfigRule"]

  # Of a managed rule; a rule of one's own names a function, or nothing.
  attribute "identifier" {
    type           = string
    terraform      = [source[0].source_identifier, rule_identifier]
    cloudformation = [Source.SourceIdentifier, OrganizationManagedRuleMetadata.RuleIdentifier]
  }
  attribute "parameters" {
    type           = any
    terraform      = json(input_parameters)
    cloudformation = [json(InputParameters), json(OrganizationManagedRuleMetadata.InputParameters)]
  }
}

resource "config.conformance_pack" {
  terraform      = ["aws_config_conformance_pack", "aws_config_organization_conformance_pack"]
  cloudformation = ["AWS::Config::ConformancePack", "AWS::Config::OrganizationConformancePack"]

  attribute "template" {
    type           = any
    terraform      = template_body
    cloudformation = TemplateBody
    absent         = unknown("the rules of the conformance pack are not in the source")
  }
}
