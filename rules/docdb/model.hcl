# DocumentDB.

resource "docdb.cluster" {
  terraform      = "aws_docdb_cluster"
  cloudformation = "AWS::DocDB::DBCluster"

  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
    absent         = {}
  }
  # The password of the first user.
  attribute "password" {
    type           = any
    terraform      = [master_password, master_password_wo]
    cloudformation = MasterUserPassword
  }
}
