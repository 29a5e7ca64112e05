# Runtimes of AWS Lambda: the day on which Lambda deprecates (or has deprecated) one, from which on it gets no security
# updates, and the newest runtime for the same language. Days in the future are projections that AWS moves now and then.
# Runtimes in preview are left out.
table "lambda.runtimes" {
  as_of = "2026-11-22"
  sources = [
    "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html#runtimes-supported",
    "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html#runtimes-deprecated",
  ]
  rows = {
    # Supported.
    "nodejs24.x"      = { deprecated = "2028-04-30" }
    "nodejs22.x"      = { deprecated = "2027-04-30", successor = "nodejs24.x" }
    "python3.14"      = { deprecated = "2029-06-30" }
    "python3.13"      = { deprecated = "2029-06-30", successor = "python3.14" }
    "python3.12"      = { deprecated = "2028-10-31", successor = "python3.14" }
    "python3.11"      = { deprecated = "2027-06-30", successor = "python3.14" }
    "java25"          = { deprecated = "2029-06-30" }
    "java21"          = { deprecated = "2029-06-30", successor = "java25" }
    "java17.al2023"   = { deprecated = "2029-06-30", successor = "java25" }
    "java11.al2023"   = { deprecated = "2029-06-30", successor = "java25" }
    "java8.al2023"    = { deprecated = "2029-06-30", successor = "java25" }
    "java17"          = { deprecated = "2027-06-30", successor = "java25" }
    "java11"          = { deprecated = "2027-06-30", successor = "java25" }
    "java8.al2"       = { deprecated = "2027-06-30", successor = "java25" }
    "dotnet10"        = { deprecated = "2028-11-14" }
    "ruby4.0"         = { deprecated = "2029-03-31" }
    "ruby3.4"         = { deprecated = "2028-03-31", successor = "ruby4.0" }
    "ruby3.3"         = { deprecated = "2027-03-31", successor = "ruby4.0" }
    "provided.al2023" = { deprecated = "2029-06-30" }

    # Deprecated.
    "dotnet9"        = { deprecated = "2026-11-10", successor = "dotnet10" }
    "dotnet8"        = { deprecated = "2026-11-10", successor = "dotnet10" }
    "python3.10"     = { deprecated = "2026-10-31", successor = "python3.14" }
    "provided.al2"   = { deprecated = "2026-07-31", successor = "provided.al2023" }
    "nodejs20.x"     = { deprecated = "2026-04-30", successor = "nodejs24.x" }
    "ruby3.2"        = { deprecated = "2026-03-31", successor = "ruby4.0" }
    "python3.9"      = { deprecated = "2025-12-15", successor = "python3.14" }
    "nodejs18.x"     = { deprecated = "2025-09-01", successor = "nodejs24.x" }
    "dotnet6"        = { deprecated = "2024-12-20", successor = "dotnet10" }
    "python3.8"      = { deprecated = "2024-10-14", successor = "python3.14" }
    "nodejs16.x"     = { deprecated = "2024-06-12", successor = "nodejs24.x" }
    "dotnet7"        = { deprecated = "2024-05-14", successor = "dotnet10" }
    "java8"          = { deprecated = "2024-01-08", successor = "java25" }
    "go1.x"          = { deprecated = "2024-01-08", successor = "provided.al2023" }
    "provided"       = { deprecated = "2024-01-08", successor = "provided.al2023" }
    "ruby2.7"        = { deprecated = "2023-12-07", successor = "ruby4.0" }
    "nodejs14.x"     = { deprecated = "2023-12-04", successor = "nodejs24.x" }
    "python3.7"      = { deprecated = "2023-12-04", successor = "python3.14" }
    "dotnetcore3.1"  = { deprecated = "2023-04-03", successor = "dotnet10" }
    "nodejs12.x"     = { deprecated = "2023-03-31", successor = "nodejs24.x" }
    "python3.6"      = { deprecated = "2022-07-18", successor = "python3.14" }
    "dotnet5.0"      = { deprecated = "2022-05-10", successor = "dotnet10" }
    "dotnetcore2.1"  = { deprecated = "2022-01-05", successor = "dotnet10" }
    "nodejs10.x"     = { deprecated = "2021-07-30", successor = "nodejs24.x" }
    "ruby2.5"        = { deprecated = "2021-07-30", successor = "ruby4.0" }
    "python2.7"      = { deprecated = "2021-07-15", successor = "python3.14" }
    "nodejs8.10"     = { deprecated = "2020-03-06", successor = "nodejs24.x" }
    "nodejs4.3"      = { deprecated = "2020-03-05", successor = "nodejs24.x" }
    "nodejs4.3-edge" = { deprecated = "2020-03-05", successor = "nodejs24.x" }
    "nodejs6.10"     = { deprecated = "2019-08-12", successor = "nodejs24.x" }
    "dotnetcore1.0"  = { deprecated = "2019-06-27", successor = "dotnet10" }
    "dotnetcore2.0"  = { deprecated = "2019-05-30", successor = "dotnet10" }
    "nodejs"         = { deprecated = "2016-10-31", successor = "nodejs24.x" }
  }
}
