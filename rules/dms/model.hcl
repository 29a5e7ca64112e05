# Database Migration Service: replication instances.

resource "dms.replication_instance" {
  terraform      = "aws_dms_replication_instance"
  cloudformation = "AWS::DMS::ReplicationInstance"

  attribute "publicly_accessible" {
    type           = bool
    terraform      = publicly_accessible
    cloudformation = PubliclyAccessible
    # The provider always says what it wants: https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/dms_replication_instance#publicly_accessible
    absent_terraform = false
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dms-replicationinstance.html
    absent_cloudformation = true
  }
}

resource "dms.endpoint" {
  terraform      = "aws_dms_endpoint"
  cloudformation = "AWS::DMS::Endpoint"

  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
    absent         = {}
  }
  attribute "password" {
    type           = any
    terraform      = password
    cloudformation = [Password, MongoDbSettings.Password]
  }
}
