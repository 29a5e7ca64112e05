# Systems Manager: documents.

resource "ssm.document" {
  terraform      = "aws_ssm_document"
  cloudformation = "AWS::SSM::Document"

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = Name
  }
  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
    absent         = {}
  }
  # https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html
  attribute "document_type" {
    type                  = string
    terraform             = document_type
    cloudformation        = DocumentType
    absent_cloudformation = "Command"
  }
  # What a document of the type Session sets.
  # https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-schema.html
  attribute "session.kms_key" {
    type           = string
    terraform      = json(content).inputs.kmsKeyId
    cloudformation = json(Content).inputs.kmsKeyId
    absent         = ""
  }
  attribute "session.bucket" {
    type           = string
    terraform      = json(content).inputs.s3BucketName
    cloudformation = json(Content).inputs.s3BucketName
    absent         = ""
  }
  attribute "session.bucket_encrypted" {
    type           = bool
    terraform      = json(content).inputs.s3EncryptionEnabled
    cloudformation = json(Content).inputs.s3EncryptionEnabled
    absent         = false
  }
  attribute "session.log_group" {
    type           = string
    terraform      = json(content).inputs.cloudWatchLogGroupName
    cloudformation = json(Content).inputs.cloudWatchLogGroupName
    absent         = ""
  }
  attribute "session.log_group_encrypted" {
    type           = bool
    terraform      = json(content).inputs.cloudWatchEncryptionEnabled
    cloudformation = json(Content).inputs.cloudWatchEncryptionEnabled
    absent         = false
  }
}
