# API Gateway: REST APIs and their stages.

resource "apigateway.rest_api" {
  terraform      = "aws_api_gateway_rest_api"
  cloudformation = "AWS::ApiGateway::RestApi"

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = Name
  }
  attribute "endpoint_types" {
    type           = strings
    terraform      = endpoint_configuration[0].types
    cloudformation = EndpointConfiguration.Types
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-endpoint-types.html
    absent = ["EDGE"]
  }
}

resource "apigateway.stage" {
  terraform      = "aws_api_gateway_stage"
  cloudformation = "AWS::ApiGateway::Stage"

  attribute "name" {
    type           = string
    terraform      = stage_name
    cloudformation = StageName
  }
  # The web ACL that a resource of its own associates with the stage, of AWS WAF or of its predecessor.
  attribute "web_acl" {
    type           = string
    terraform      = none
    cloudformation = none
    satellite "aws_wafv2_web_acl_association" {
      parent = resource_arn
      value  = web_acl_arn
    }
    satellite "AWS::WAFv2::WebACLAssociation" {
      parent = ResourceArn
      value  = WebACLArn
    }
    satellite "aws_wafregional_web_acl_association" {
      parent = resource_arn
      value  = web_acl_id
    }
    satellite "AWS::WAFRegional::WebACLAssociation" {
      parent = ResourceArn
      value  = WebACLId
    }
  }

  relation "api" {
    to             = apigateway.rest_api
    terraform      = rest_api_id
    cloudformation = RestApiId
  }
}
