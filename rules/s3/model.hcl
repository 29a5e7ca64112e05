# S3 buckets.

resource "s3.bucket" {
  terraform      = "aws_s3_bucket"
  cloudformation = "AWS::S3::Bucket"

  attribute "name" {
    type           = string
    terraform      = bucket
    cloudformation = BucketName
  }
}
