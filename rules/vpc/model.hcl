# Networks: security groups and network ACLs with their rules and what the rules refer to, VPCs, subnets, routes, flow logs.

# What the rules of a security group have in common, for both directions.
shape "rule" {
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
    absent         = []
  }
  attribute "groups" {
    type           = strings
    terraform      = security_groups
    cloudformation = none
    absent         = []
  }
  # The group itself: https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/security_group#self
  attribute "self" {
    type           = bool
    terraform      = self
    cloudformation = none
    absent         = false
  }
  # The group that a rule of its own names.
  attribute "group_id" {
    type           = string
    terraform      = none
    cloudformation = none
  }
  attribute "description" {
    type           = string
    terraform      = description
    cloudformation = Description
  }
}

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
    absent         = {}
  }
  attribute "vpc_id" {
    type           = string
    terraform      = vpc_id
    cloudformation = VpcId
  }
  relation "vpc" {
    to             = vpc.vpc
    terraform      = vpc_id
    cloudformation = VpcId
  }

  list "ingress" {
    shape          = rule
    terraform      = ingress
    cloudformation = SecurityGroupIngress

    attribute "prefix_lists" {
      type           = strings
      terraform      = prefix_list_ids
      cloudformation = SourcePrefixListId
      absent         = []
    }
    # Where a rule names one group only.
    attribute "group" {
      type           = string
      terraform      = none
      cloudformation = SourceSecurityGroupId
    }

    satellite "aws_security_group_rule" {
      parent = security_group_id
      when   = type == "ingress"
      spelling = {
        groups   = none
        group    = source_security_group_id
        group_id = security_group_id
      }
    }
    satellite "aws_vpc_security_group_ingress_rule" {
      parent = security_group_id
      spelling = {
        protocol     = ip_protocol
        cidrs        = [cidr_ipv4, cidr_ipv6]
        prefix_lists = prefix_list_id
        groups       = none
        group        = referenced_security_group_id
        self         = none
        group_id     = security_group_id
      }
    }
    satellite "AWS::EC2::SecurityGroupIngress" {
      # By its name where there is a default VPC.
      parent   = [GroupId, GroupName]
      spelling = { group_id = GroupId }
    }
  }

  list "egress" {
    shape          = rule
    terraform      = egress
    cloudformation = SecurityGroupEgress
    # Where no rule is written, the one that AWS makes stays; the provider of Terraform takes it away.
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html
    # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/security_group
    absent_cloudformation = [{ protocol = "-1", cidrs = ["0.0.0.0/0", "::/0"] }]

    attribute "prefix_lists" {
      type           = strings
      terraform      = prefix_list_ids
      cloudformation = DestinationPrefixListId
      absent         = []
    }
    # Where a rule names one group only.
    attribute "group" {
      type           = string
      terraform      = none
      cloudformation = DestinationSecurityGroupId
    }

    satellite "aws_security_group_rule" {
      parent = security_group_id
      when   = type == "egress"
      spelling = {
        groups   = none
        group    = source_security_group_id
        group_id = security_group_id
      }
    }
    satellite "aws_vpc_security_group_egress_rule" {
      parent = security_group_id
      spelling = {
        protocol     = ip_protocol
        cidrs        = [cidr_ipv4, cidr_ipv6]
        prefix_lists = prefix_list_id
        groups       = none
        group        = referenced_security_group_id
        self         = none
        group_id     = security_group_id
      }
    }
    satellite "AWS::EC2::SecurityGroupEgress" {
      parent   = GroupId
      spelling = { group_id = GroupId }
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

# A security group that is looked up.
resource "vpc.security_group_lookup" {
  terraform = "data.aws_security_group"

  attribute "name" {
    type      = string
    terraform = name
  }
  list "filters" {
    terraform = filter
    attribute "name" {
      type      = string
      terraform = name
    }
    attribute "values" {
      type      = strings
      terraform = values
    }
  }
}

# VPCs and subnets have no name but the tag.
resource "vpc.vpc" {
  terraform      = ["aws_vpc", "aws_default_vpc"]
  cloudformation = "AWS::EC2::VPC"

  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
    absent         = {}
  }
  # Not written for the default VPC, nor where an IPAM pool allots it.
  attribute "cidr" {
    type           = string
    terraform      = cidr_block
    cloudformation = CidrBlock
  }
  # Of the default VPC: whether it goes when the resource goes.
  # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/default_vpc#force_destroy
  attribute "force_destroy" {
    type             = bool
    terraform        = force_destroy
    cloudformation   = none
    absent_terraform = false
  }
  # The route table of the subnets that are associated with none; the default one stands for itself.
  list "main_route_tables" {
    terraform      = none
    cloudformation = none
    attribute "id" {
      type      = string
      terraform = route_table_id
    }
    satellite "aws_main_route_table_association" {
      parent = vpc_id
    }
    satellite "aws_default_route_table" {
      parent   = default_route_table_id
      spelling = { id = none }
    }
  }
  # What manages the default security group of the VPC.
  list "default_groups" {
    terraform      = none
    cloudformation = none
    attribute "vpc_id" {
      type           = string
      terraform      = vpc_id
      cloudformation = none
    }
    satellite "aws_default_security_group" {
      parent = vpc_id
    }
  }
  list "more_cidrs" {
    terraform      = none
    cloudformation = none
    attribute "cidr" {
      type           = string
      terraform      = cidr_block
      cloudformation = CidrBlock
    }
    satellite "aws_vpc_ipv4_cidr_block_association" {
      parent = vpc_id
    }
    satellite "AWS::EC2::VPCCidrBlock" {
      parent = VpcId
    }
  }
  list "flow_logs" {
    terraform      = none
    cloudformation = none
    attribute "traffic_type" {
      type           = string
      terraform      = traffic_type
      cloudformation = TrafficType
    }
    satellite "aws_flow_log" {
      parent = vpc_id
    }
    satellite "AWS::EC2::FlowLog" {
      parent = ResourceId
      when   = ResourceType == "VPC"
    }
  }
}

resource "vpc.vpc_lookup" {
  terraform = "data.aws_vpc"

  attribute "cidr" {
    type      = string
    terraform = cidr_block
  }
  # Whether the default VPC is searched for.
  attribute "default" {
    type      = bool
    terraform = default
  }
}

resource "vpc.subnet" {
  terraform      = ["aws_subnet", "aws_default_subnet"]
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
    absent         = {}
  }
  attribute "cidr" {
    type           = string
    terraform      = cidr_block
    cloudformation = CidrBlock
  }
  attribute "vpc_id" {
    type           = string
    terraform      = vpc_id
    cloudformation = VpcId
  }
  # Absent: no for a subnet, yes for a default subnet; the rule tells them apart.
  # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/default_subnet#map_public_ip_on_launch
  # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-subnet.html
  attribute "map_public_ip" {
    type           = bool
    terraform      = map_public_ip_on_launch
    cloudformation = MapPublicIpOnLaunch
  }
  # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/default_subnet#force_destroy
  attribute "force_destroy" {
    type             = bool
    terraform        = force_destroy
    cloudformation   = none
    absent_terraform = false
  }
  list "flow_logs" {
    terraform      = none
    cloudformation = none
    attribute "traffic_type" {
      type           = string
      terraform      = traffic_type
      cloudformation = TrafficType
    }
    satellite "aws_flow_log" {
      parent = subnet_id
    }
    satellite "AWS::EC2::FlowLog" {
      parent = ResourceId
      when   = ResourceType == "Subnet"
    }
  }
  list "route_tables" {
    terraform      = none
    cloudformation = none
    attribute "id" {
      type           = string
      terraform      = route_table_id
      cloudformation = RouteTableId
    }
    satellite "aws_route_table_association" {
      parent = subnet_id
    }
    satellite "AWS::EC2::SubnetRouteTableAssociation" {
      parent = SubnetId
    }
  }
  list "network_acls" {
    terraform      = none
    cloudformation = none
    attribute "id" {
      type           = string
      terraform      = network_acl_id
      cloudformation = NetworkAclId
    }
    satellite "aws_network_acl_association" {
      parent = subnet_id
    }
    satellite "AWS::EC2::SubnetNetworkAclAssociation" {
      parent = SubnetId
    }
  }

  relation "vpc" {
    to             = vpc.vpc
    terraform      = vpc_id
    cloudformation = VpcId
  }
}

# An entry of a network ACL.
shape "acl_entry" {
  attribute "rule_number" {
    type           = number
    terraform      = rule_no
    cloudformation = RuleNumber
  }
  attribute "action" {
    type           = string
    terraform      = action
    cloudformation = RuleAction
  }
  attribute "protocol" {
    type           = string
    terraform      = protocol
    cloudformation = Protocol
  }
  attribute "from_port" {
    type           = number
    terraform      = from_port
    cloudformation = PortRange.From
  }
  attribute "to_port" {
    type           = number
    terraform      = to_port
    cloudformation = PortRange.To
  }
  attribute "icmp_type" {
    type           = number
    terraform      = icmp_type
    cloudformation = Icmp.Type
    # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/network_acl#icmp_type
    absent_terraform = 0
  }
  attribute "icmp_code" {
    type           = number
    terraform      = icmp_code
    cloudformation = Icmp.Code
    # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/network_acl#icmp_code
    absent_terraform = 0
  }
  attribute "cidrs" {
    type           = strings
    terraform      = [cidr_block, ipv6_cidr_block]
    cloudformation = [CidrBlock, Ipv6CidrBlock]
  }
}

resource "vpc.network_acl" {
  terraform      = ["aws_network_acl", "aws_default_network_acl"]
  cloudformation = "AWS::EC2::NetworkAcl"

  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
    absent         = {}
  }
  attribute "default_network_acl_id" {
    type           = string
    terraform      = default_network_acl_id
    cloudformation = none
  }
  attribute "subnet_ids" {
    type           = strings
    terraform      = subnet_ids
    cloudformation = none
    absent         = []
  }
  list "associations" {
    terraform      = none
    cloudformation = none
    attribute "subnet_id" {
      type           = string
      terraform      = subnet_id
      cloudformation = SubnetId
    }
    satellite "aws_network_acl_association" {
      parent = network_acl_id
    }
    satellite "AWS::EC2::SubnetNetworkAclAssociation" {
      parent = NetworkAclId
    }
  }

  list "ingress" {
    shape          = acl_entry
    terraform      = ingress
    cloudformation = none

    # Which of the two lists the entry is in.
    attribute "direction" {
      type           = string
      terraform      = none
      cloudformation = none
      absent         = "ingress"
    }

    # An entry without `egress` is one for traffic that comes in:
    # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/network_acl_rule#egress
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-networkaclentry.html
    satellite "aws_network_acl_rule" {
      parent = network_acl_id
      when   = !egress
      spelling = {
        rule_number = rule_number
        action      = rule_action
      }
    }
    satellite "AWS::EC2::NetworkAclEntry" {
      parent = NetworkAclId
      when   = !Egress
    }
  }
  list "egress" {
    shape          = acl_entry
    terraform      = egress
    cloudformation = none

    # Which of the two lists the entry is in.
    attribute "direction" {
      type           = string
      terraform      = none
      cloudformation = none
      absent         = "egress"
    }

    # As above:
    # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/network_acl_rule#egress
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-networkaclentry.html
    satellite "aws_network_acl_rule" {
      parent = network_acl_id
      when   = egress
      spelling = {
        rule_number = rule_number
        action      = rule_action
      }
    }
    satellite "AWS::EC2::NetworkAclEntry" {
      parent = NetworkAclId
      when   = Egress
    }
  }
}

resource "vpc.flow_log" {
  terraform      = "aws_flow_log"
  cloudformation = "AWS::EC2::FlowLog"

  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
    absent         = {}
  }
  attribute "subnet_id" {
    type           = string
    terraform      = subnet_id
    cloudformation = none
  }
  attribute "resource_type" {
    type           = string
    terraform      = none
    cloudformation = ResourceType
  }
  # Written for everything but transit gateways, which have none.
  attribute "traffic_type" {
    type           = string
    terraform      = traffic_type
    cloudformation = TrafficType
  }
}

resource "vpc.route_table" {
  terraform      = ["aws_route_table", "aws_default_route_table"]
  cloudformation = "AWS::EC2::RouteTable"

  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
    absent         = {}
  }
  attribute "vpc_id" {
    type           = string
    terraform      = vpc_id
    cloudformation = VpcId
  }
  list "routes" {
    terraform      = route
    cloudformation = none
    attribute "destinations" {
      type           = strings
      terraform      = [cidr_block, ipv6_cidr_block]
      cloudformation = [DestinationCidrBlock, DestinationIpv6CidrBlock]
    }
    attribute "prefix_list" {
      type           = string
      terraform      = destination_prefix_list_id
      cloudformation = DestinationPrefixListId
    }
    attribute "gateway" {
      type           = string
      terraform      = gateway_id
      cloudformation = GatewayId
    }
    attribute "peering_connection" {
      type           = string
      terraform      = vpc_peering_connection_id
      cloudformation = VpcPeeringConnectionId
    }
    satellite "aws_route" {
      parent   = route_table_id
      spelling = { destinations = [destination_cidr_block, destination_ipv6_cidr_block] }
    }
    satellite "AWS::EC2::Route" {
      parent = RouteTableId
    }
  }

  relation "vpc" {
    to             = vpc.vpc
    terraform      = vpc_id
    cloudformation = VpcId
  }
}

resource "vpc.internet_gateway" {
  terraform      = ["aws_internet_gateway", "data.aws_internet_gateway"]
  cloudformation = "AWS::EC2::InternetGateway"

  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
    absent         = {}
  }
}

resource "vpc.vpn_gateway" {
  terraform      = ["aws_vpn_gateway", "data.aws_vpn_gateway"]
  cloudformation = "AWS::EC2::VPNGateway"

  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
    absent         = {}
  }
}

resource "vpc.peering_connection" {
  terraform = [
    "aws_vpc_peering_connection", "aws_vpc_peering_connection_accepter", "data.aws_vpc_peering_connection",
  ]
  cloudformation = "AWS::EC2::VPCPeeringConnection"

  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
    absent         = {}
  }
  attribute "vpc_id" {
    type           = string
    terraform      = vpc_id
    cloudformation = VpcId
  }
  attribute "peer_vpc_id" {
    type           = string
    terraform      = peer_vpc_id
    cloudformation = PeerVpcId
  }
}

resource "vpc.endpoint" {
  terraform      = "aws_vpc_endpoint"
  cloudformation = "AWS::EC2::VPCEndpoint"

  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
    absent         = {}
  }
  attribute "kind" {
    type           = string
    terraform      = vpc_endpoint_type
    cloudformation = VpcEndpointType
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html
    absent = "Gateway"
  }
  attribute "security_group_ids" {
    type           = strings
    terraform      = security_group_ids
    cloudformation = SecurityGroupIds
  }
}

# Subnets that are searched for.
resource "vpc.subnet_lookup" {
  terraform = ["data.aws_subnet", "data.aws_subnets"]

  attribute "vpc_id" {
    type      = string
    terraform = vpc_id
  }
  attribute "default_for_az" {
    type      = bool
    terraform = default_for_az
  }
  list "filters" {
    terraform = filter
    attribute "name" {
      type      = string
      terraform = name
    }
    attribute "values" {
      type      = strings
      terraform = values
    }
  }
}

# The zones that the account can use: two at least in every region, and none of them twice.
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html
distinct "data.aws_availability_zones" {
  names    = 2
  zone_ids = 2
}
