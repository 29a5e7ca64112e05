# Security groups with their rules, and what the rules refer to.

resource "vpc.security_group" {
  terraform      = ["aws_security_group", "aws_default_security_group"]
  cloudformation = "AWS::EC2::SecurityGroup"

  # Without a name both the provider and CloudFormation generate one.
  # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/security_group#name
  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = GroupName
  }
  attribute "name_prefix" {
    type           = string
    terraform      = name_prefix
    cloudformation = none
  }
  attribute "description" {
    type           = string
    terraform      = description
    cloudformation = GroupDescription
  }
  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
  }

  list "ingress" {
    terraform      = ingress
    cloudformation = SecurityGroupIngress

    attribute "protocol" {
      type           = string
      terraform      = protocol
      cloudformation = IpProtocol
    }
    attribute "from_port" {
      type           = number
      terraform      = from_port
      cloudformation = FromPort
    }
    attribute "to_port" {
      type           = number
      terraform      = to_port
      cloudformation = ToPort
    }
    attribute "cidrs" {
      type           = strings
      terraform      = [cidr_blocks, ipv6_cidr_blocks]
      cloudformation = [CidrIp, CidrIpv6]
    }
    attribute "prefix_lists" {
      type           = strings
      terraform      = prefix_list_ids
      cloudformation = SourcePrefixListId
    }
    attribute "description" {
      type           = string
      terraform      = description
      cloudformation = Description
    }

    satellite "aws_security_group_rule" {
      parent = security_group_id
      when   = type == "ingress"
    }
    satellite "aws_vpc_security_group_ingress_rule" {
      parent = security_group_id
      spelling = {
        protocol     = ip_protocol
        cidrs        = [cidr_ipv4, cidr_ipv6]
        prefix_lists = prefix_list_id
      }
    }
    satellite "AWS::EC2::SecurityGroupIngress" {
      parent = GroupId
    }
  }

  list "egress" {
    terraform      = egress
    cloudformation = SecurityGroupEgress

    attribute "protocol" {
      type           = string
      terraform      = protocol
      cloudformation = IpProtocol
    }
    attribute "from_port" {
      type           = number
      terraform      = from_port
      cloudformation = FromPort
    }
    attribute "to_port" {
      type           = number
      terraform      = to_port
      cloudformation = ToPort
    }
    attribute "cidrs" {
      type           = strings
      terraform      = [cidr_blocks, ipv6_cidr_blocks]
      cloudformation = [CidrIp, CidrIpv6]
    }
    attribute "prefix_lists" {
      type           = strings
      terraform      = prefix_list_ids
      cloudformation = DestinationPrefixListId
    }
    attribute "description" {
      type           = string
      terraform      = description
      cloudformation = Description
    }

    satellite "aws_security_group_rule" {
      parent = security_group_id
      when   = type == "egress"
    }
    satellite "aws_vpc_security_group_egress_rule" {
      parent = security_group_id
      spelling = {
        protocol     = ip_protocol
        cidrs        = [cidr_ipv4, cidr_ipv6]
        prefix_lists = prefix_list_id
      }
    }
    satellite "AWS::EC2::SecurityGroupEgress" {
      parent = GroupId
    }
  }
}

resource "vpc.prefix_list" {
  terraform      = "aws_ec2_managed_prefix_list"
  cloudformation = "AWS::EC2::PrefixList"

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = PrefixListName
  }

  list "entries" {
    terraform      = entry
    cloudformation = Entries

    attribute "cidr" {
      type           = string
      terraform      = cidr
      cloudformation = Cidr
    }

    satellite "aws_ec2_managed_prefix_list_entry" {
      parent = prefix_list_id
    }
  }
}

# VPCs and subnets have no name but the tag.
resource "vpc.vpc" {
  terraform      = "aws_vpc"
  cloudformation = "AWS::EC2::VPC"

  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
  }
}

resource "vpc.subnet" {
  terraform      = "aws_subnet"
  cloudformation = "AWS::EC2::Subnet"

  # By name or by id: names differ from account to account.
  attribute "zone" {
    type           = string
    terraform      = [availability_zone, availability_zone_id]
    cloudformation = [AvailabilityZone, AvailabilityZoneId]
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html
    absent = unknown("AWS picks the zone of the subnet")
  }

  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
  }
}
