# Billing. CloudFormation has no resource type for cost allocation tags.

resource "cost.allocation_tag" {
  terraform = "aws_ce_cost_allocation_tag"

  attribute "key" {
    type      = string
    terraform = tag_key
  }
  attribute "status" {
    type      = string
    terraform = status
  }
}
