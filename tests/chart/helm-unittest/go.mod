// Builds helm-unittest, which runs the chart's own suites.
module kaia.invalid/helm-unittest

go 1.26.0

require github.com/helm-unittest/helm-unittest v1.1.2

// Its own go.mod has this too, and only the main module's counts.
replace github.com/vmware-labs/yaml-jsonpath v0.3.2 => github.com/helm-unittest/yaml-jsonpath v0.4.0
