# CloudFront distributions. They have no name; the comment stands for it in the console.

resource "cloudfront.distribution" {
  terraform      = "aws_cloudfront_distribution"
  cloudformation = "AWS::CloudFront::Distribution"

  attribute "name" {
    type           = string
    terraform      = comment
    cloudformation = DistributionConfig.Comment
  }
}
