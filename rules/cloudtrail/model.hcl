# CloudTrail trails. Their buckets are in the catalog of S3.

resource "cloudtrail.trail" {
  terraform      = "aws_cloudtrail"
  cloudformation = "AWS::CloudTrail::Trail"

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = TrailName
  }
  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
    absent         = {}
  }
  attribute "enabled" {
    type           = bool
    terraform      = enable_logging
    cloudformation = IsLogging
    # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/cloudtrail#enable_logging-1
    absent_terraform = true
  }
  attribute "multi_region" {
    type           = bool
    terraform      = is_multi_region_trail
    cloudformation = IsMultiRegionTrail
    # https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html
    absent = false
  }
  attribute "global_events" {
    type           = bool
    terraform      = include_global_service_events
    cloudformation = IncludeGlobalServiceEvents
    # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/cloudtrail#include_global_service_events-1
    # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-create-and-update-a-trail-by-using-the-aws-cli-create-trail.html
    absent = true
  }
  attribute "log_file_validation" {
    type           = bool
    terraform      = enable_log_file_validation
    cloudformation = EnableLogFileValidation
    # https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html
    absent = false
  }
  # Without one the files are encrypted with a key of S3.
  attribute "kms_key" {
    type           = string
    terraform      = kms_key_id
    cloudformation = KMSKeyId
  }
  attribute "log_group" {
    type           = string
    terraform      = cloud_watch_logs_group_arn
    cloudformation = CloudWatchLogsLogGroupArn
  }
  attribute "log_role" {
    type           = string
    terraform      = cloud_watch_logs_role_arn
    cloudformation = CloudWatchLogsRoleArn
  }
  attribute "topic" {
    type           = string
    terraform      = sns_topic_name
    cloudformation = SnsTopicName
  }

  # Without selectors all management events are recorded:
  # https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html
  list "event_selectors" {
    terraform      = event_selector
    cloudformation = EventSelectors
    attribute "management_events" {
      type           = bool
      terraform      = include_management_events
      cloudformation = IncludeManagementEvents
      absent         = true
    }
    attribute "read_write" {
      type           = string
      terraform      = read_write_type
      cloudformation = ReadWriteType
      absent         = "All"
    }
    attribute "excluded_sources" {
      type           = strings
      terraform      = exclude_management_event_sources
      cloudformation = ExcludeManagementEventSources
      absent         = []
    }
    # The ARNs, or beginnings of ARNs, of objects whose data events are recorded.
    attribute "data_types" {
      type           = strings
      terraform      = data_resource[*].type
      cloudformation = DataResources[*].Type
      absent         = []
    }
    attribute "data_arns" {
      type           = strings
      terraform      = data_resource[*].values[*]
      cloudformation = DataResources[*].Values[*]
      absent         = []
    }
  }
  # What an event must be like to be recorded: all fields of a selector, for one selector. The fields are taken together:
  # only the category can be "Management", only `readOnly` true or false.
  # https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
  list "advanced_event_selectors" {
    terraform      = advanced_event_selector
    cloudformation = AdvancedEventSelectors
    attribute "fields" {
      type           = strings
      terraform      = field_selector[*].field
      cloudformation = FieldSelectors[*].Field
      absent         = []
    }
    attribute "equals" {
      type           = strings
      terraform      = field_selector[*].equals[*]
      cloudformation = FieldSelectors[*].Equals[*]
      absent         = []
    }
    attribute "not_equals" {
      type           = strings
      terraform      = field_selector[*].not_equals[*]
      cloudformation = FieldSelectors[*].NotEquals[*]
      absent         = []
    }
    # Beginnings and ends of texts, whether they are asked for or left out.
    attribute "parts" {
      type = strings
      terraform = [
        field_selector[*].starts_with[*], field_selector[*].ends_with[*],
        field_selector[*].not_starts_with[*], field_selector[*].not_ends_with[*],
      ]
      cloudformation = [
        FieldSelectors[*].StartsWith[*], FieldSelectors[*].EndsWith[*],
        FieldSelectors[*].NotStartsWith[*], FieldSelectors[*].NotEndsWith[*],
      ]
      absent = []
    }
  }
}
