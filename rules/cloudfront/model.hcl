# CloudFront distributions. They have no name; the comment stands for it in the console.

resource "cloudfront.distribution" {
  terraform      = "aws_cloudfront_distribution"
  cloudformation = "AWS::CloudFront::Distribution"

  attribute "name" {
    type           = string
    terraform      = comment
    cloudformation = DistributionConfig.Comment
  }
  attribute "web_acl" {
    type           = string
    terraform      = web_acl_id
    cloudformation = DistributionConfig.WebACLId
  }
  # Where access logs go: in their first form an argument, in their second a source of log deliveries.
  # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html
  attribute "logging.bucket" {
    type           = string
    terraform      = logging_config[0].bucket
    cloudformation = DistributionConfig.Logging.Bucket
  }
  attribute "logging.delivery" {
    type           = string
    terraform      = none
    cloudformation = none
    satellite "aws_cloudwatch_log_delivery_source" {
      parent = resource_arn
      value  = log_type
    }
    satellite "AWS::Logs::DeliverySource" {
      parent = ResourceArn
      value  = LogType
    }
  }
  # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/real-time-logs.html
  attribute "logging.realtime" {
    type           = string
    terraform      = default_cache_behavior[0].realtime_log_config_arn
    cloudformation = DistributionConfig.DefaultCacheBehavior.RealtimeLogConfigArn
  }
}
