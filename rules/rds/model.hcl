# RDS: instances, clusters, and the groups of subnets they lie in.

resource "rds.instance" {
  # A member of a cluster has a type of its own in Terraform.
  terraform      = ["aws_db_instance", "aws_rds_cluster_instance"]
  cloudformation = "AWS::RDS::DBInstance"
  identity       = [identifier, DBInstanceIdentifier]

  attribute "name" {
    type           = string
    terraform      = identifier
    cloudformation = DBInstanceIdentifier
  }
  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
    absent         = {}
  }
  attribute "engine" {
    type           = string
    terraform      = engine
    cloudformation = Engine
  }
  attribute "availability_zone" {
    type           = string
    terraform      = availability_zone
    cloudformation = AvailabilityZone
  }
  attribute "multi_az" {
    type           = bool
    terraform      = multi_az
    cloudformation = MultiAZ
    # https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
    absent = false
  }
  attribute "publicly_accessible" {
    type           = bool
    terraform      = publicly_accessible
    cloudformation = PubliclyAccessible
    # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/db_instance#publicly_accessible
    # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/rds_cluster_instance#publicly_accessible
    absent_terraform = false
    # https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
    absent_cloudformation = unknown("AWS decides it by the subnet group and its VPC")
  }
  attribute "security_group_ids" {
    type           = strings
    terraform      = vpc_security_group_ids
    cloudformation = VPCSecurityGroups
  }
  attribute "subnet_group" {
    type           = string
    terraform      = db_subnet_group_name
    cloudformation = DBSubnetGroupName
  }
  attribute "cluster" {
    type           = string
    terraform      = cluster_identifier
    cloudformation = DBClusterIdentifier
  }
  # What it is a read replica of.
  attribute "replica_of" {
    type           = string
    terraform      = replicate_source_db
    cloudformation = [SourceDBInstanceIdentifier, SourceDBClusterIdentifier]
  }
  # The password of the first user.
  attribute "password" {
    type           = any
    terraform      = [password, password_wo]
    cloudformation = MasterUserPassword
  }
}

resource "rds.cluster" {
  terraform      = "aws_rds_cluster"
  cloudformation = "AWS::RDS::DBCluster"
  identity       = [cluster_identifier, DBClusterIdentifier]

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
  attribute "engine" {
    type           = string
    terraform      = engine
    cloudformation = Engine
    # Required since release 5 of the provider.
    # https://registry.terraform.io/providers/hashicorp/aws/4.67.0/docs/resources/rds_cluster#engine
    absent_terraform      = "aurora"
    absent_cloudformation = unknown("the engine is that of the snapshot or cluster it is restored from")
  }
  attribute "engine_mode" {
    type           = string
    terraform      = engine_mode
    cloudformation = EngineMode
    # https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html
    absent = "provisioned"
  }
  # Only a Multi-AZ cluster that is not Aurora has one; it comes with its instances.
  attribute "instance_class" {
    type           = string
    terraform      = db_cluster_instance_class
    cloudformation = DBClusterInstanceClass
  }
  # Its instances, which are resources of their own.
  list "instances" {
    terraform      = none
    cloudformation = none
    attribute "availability_zone" {
      type           = string
      terraform      = availability_zone
      cloudformation = AvailabilityZone
    }
    satellite "aws_rds_cluster_instance" {
      parent = cluster_identifier
    }
    satellite "AWS::RDS::DBInstance" {
      parent = DBClusterIdentifier
    }
  }
  # The password of the first user.
  attribute "password" {
    type           = any
    terraform      = [master_password, master_password_wo]
    cloudformation = MasterUserPassword
  }
}

resource "rds.subnet_group" {
  terraform      = "aws_db_subnet_group"
  cloudformation = "AWS::RDS::DBSubnetGroup"
  identity       = [name, DBSubnetGroupName]

  attribute "subnet_ids" {
    type           = strings
    terraform      = subnet_ids
    cloudformation = SubnetIds
  }

  relation "subnets" {
    to             = vpc.subnet
    terraform      = subnet_ids
    cloudformation = SubnetIds
    many           = true
  }
}
