# RDS instances and clusters.

resource "rds.instance" {
  terraform      = "aws_db_instance"
  cloudformation = "AWS::RDS::DBInstance"

  attribute "name" {
    type           = string
    terraform      = identifier
    cloudformation = DBInstanceIdentifier
  }
  attribute "security_group_ids" {
    type           = strings
    terraform      = vpc_security_group_ids
    cloudformation = VPCSecurityGroups
  }
}

resource "rds.cluster" {
  terraform      = "aws_rds_cluster"
  cloudformation = "AWS::RDS::DBCluster"

  attribute "name" {
    type           = string
    terraform      = cluster_identifier
    cloudformation = DBClusterIdentifier
  }
  attribute "security_group_ids" {
    type           = strings
    terraform      = vpc_security_group_ids
    cloudformation = VpcSecurityGroupIds
  }
}
