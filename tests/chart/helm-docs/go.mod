// Builds helm-docs, which writes the chart's README.
module kaia.invalid/helm-docs

go 1.24.0

require github.com/norwoodj/helm-docs v1.14.2
