# Route 53: hosted zones and the records in them.

resource "route53.zone" {
  terraform      = "aws_route53_zone"
  cloudformation = "AWS::Route53::HostedZone"

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = Name
  }
}

resource "route53.record" {
  terraform      = "aws_route53_record"
  cloudformation = "AWS::Route53::RecordSet"

  attribute "values" {
    type           = strings
    terraform      = records
    cloudformation = ResourceRecords
  }

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = Name
  }
  attribute "health_check" {
    type           = string
    terraform      = health_check_id
    cloudformation = HealthCheckId
  }
  # Policies by which one of several records of a name is chosen.
  attribute "weighted" {
    type           = any
    terraform      = weighted_routing_policy[0]
    cloudformation = Weight
  }
  attribute "latency" {
    type           = any
    terraform      = latency_routing_policy[0]
    cloudformation = Region
  }
  attribute "failover" {
    type           = string
    terraform      = failover_routing_policy[0].type
    cloudformation = Failover
  }
  attribute "multivalue" {
    type           = bool
    terraform      = multivalue_answer_routing_policy
    cloudformation = MultiValueAnswer
    # https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html
    absent = false
  }
  attribute "alias.name" {
    type           = string
    terraform      = alias[0].name
    cloudformation = AliasTarget.DNSName
  }
  attribute "alias.zone_id" {
    type           = string
    terraform      = alias[0].zone_id
    cloudformation = AliasTarget.HostedZoneId
  }
  attribute "alias.evaluate_target_health" {
    type           = bool
    terraform      = alias[0].evaluate_target_health
    cloudformation = AliasTarget.EvaluateTargetHealth
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-route53-recordset-aliastarget.html
    absent = false
  }
}

# Records that are declared together.
resource "route53.record_group" {
  cloudformation = "AWS::Route53::RecordSetGroup"

  list "records" {
    cloudformation = RecordSets
    attribute "health_check" {
      type           = string
      cloudformation = HealthCheckId
    }
    # Policies by which one of several records of a name is chosen.
    attribute "weighted" {
      type           = any
      cloudformation = Weight
    }
    attribute "latency" {
      type           = any
      cloudformation = Region
    }
    attribute "failover" {
      type           = string
      cloudformation = Failover
    }
    attribute "multivalue" {
      type           = bool
      cloudformation = MultiValueAnswer
      # https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html
      absent = false
    }
    attribute "alias.name" {
      type           = string
      cloudformation = AliasTarget.DNSName
    }
    attribute "alias.zone_id" {
      type           = string
      cloudformation = AliasTarget.HostedZoneId
    }
    attribute "alias.evaluate_target_health" {
      type           = bool
      cloudformation = AliasTarget.EvaluateTargetHealth
      # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-route53-recordset-aliastarget.html
      absent = false
    }
  }
}
