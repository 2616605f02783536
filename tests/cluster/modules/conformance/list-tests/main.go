// Prints what the suite holds, as JSON: its tests with the features they need, and the profiles with theirs. The suite's own
// report names failed and skipped tests only.
package main

import (
	"encoding/json"
	"log"
	"os"
	"slices"

	"k8s.io/apimachinery/pkg/util/sets"
	"sigs.k8s.io/gateway-api/conformance/tests"
	"sigs.k8s.io/gateway-api/conformance/utils/suite"
	"sigs.k8s.io/gateway-api/pkg/features"
)

type listedTest struct {
	Name     string                 `json:"name"`
	Features []features.FeatureName `json:"features"`
}

type listedProfile struct {
	Name     suite.ConformanceProfileName `json:"name"`
	Core     []features.FeatureName       `json:"core"`
	Extended []features.FeatureName       `json:"extended"`
}

func main() {
	var list struct {
		Profiles []listedProfile `json:"profiles"`
		Tests    []listedTest    `json:"tests"`
	}
	for _, profile := range []suite.ConformanceProfile{
		suite.GatewayHTTPConformanceProfile,
		suite.GatewayGRPCConformanceProfile,
		suite.GatewayTLSConformanceProfile,
		suite.GatewayTCPConformanceProfile,
		suite.GatewayUDPConformanceProfile,
	} {
		list.Profiles = append(list.Profiles, listedProfile{
			Name: profile.Name, Core: sets.List(profile.CoreFeatures), Extended: sets.List(profile.ExtendedFeatures),
		})
	}
	for _, test := range tests.ConformanceTests {
		wanted := slices.Clone(test.Features)
		slices.Sort(wanted)
		list.Tests = append(list.Tests, listedTest{Name: test.ShortName, Features: wanted})
	}
	slices.SortFunc(list.Tests, func(a, b listedTest) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(list); err != nil {
		log.Fatal(err)
	}
}
