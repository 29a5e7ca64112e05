# RDS instances and clusters.

resource "rds.instance" {
  terraform      = "aws_db_instance"
  cloudformation = "AWS::RDS::DBInstance"

  attribute "name" {
    type           = string
    terraform      = identifier
    cloudformation = DBInstanceIdentifier
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
}
