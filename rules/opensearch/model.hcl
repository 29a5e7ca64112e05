# OpenSearch, and Elasticsearch as it was called: domains.

resource "opensearch.domain" {
  terraform      = ["aws_opensearch_domain", "aws_elasticsearch_domain"]
  cloudformation = ["AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain"]

  attribute "name" {
    type           = string
    terraform      = domain_name
    cloudformation = DomainName
  }
  attribute "encryption.enabled" {
    type           = bool
    terraform      = encrypt_at_rest[0].enabled
    cloudformation = EncryptionAtRestOptions.Enabled
    # https://docs.aws.amazon.com/opensearch-service/latest/developerguide/encryption-at-rest.html
    absent = false
  }
  attribute "encryption.kms_key" {
    type           = string
    terraform      = encrypt_at_rest[0].kms_key_id
    cloudformation = EncryptionAtRestOptions.KmsKeyId
    # The key of AWS for the service: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/encryption-at-rest.html
    absent = "alias/aws/es"
  }

  relation "key" {
    to             = kms.key
    terraform      = encrypt_at_rest[0].kms_key_id
    cloudformation = EncryptionAtRestOptions.KmsKeyId
  }
}
