// How long Traefik's muxer takes for the routes of `make bench`'s linear row: 10,000 on 2,000 hosts, overlapping prefixes.
// Prints nanoseconds per decision, for crates/ghost-bench to set beside its own.
package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/traefik/traefik/v3/pkg/middlewares/requestdecorator"
	httpmuxer "github.com/traefik/traefik/v3/pkg/muxer/http"
)

// splitmix64, as in crates/ghost-bench/src/corpus.rs.
type numbers uint64

func (n *numbers) below(limit uint64) uint64 {
	*n += 0x9e3779b97f4a7c15
	mixed := (uint64(*n) ^ uint64(*n)>>30) * 0xbf58476d1ce4e5b9
	mixed = (mixed ^ mixed>>27) * 0x94d049bb133111eb
	return (mixed ^ mixed>>31) % limit
}

func main() {
	parser, err := httpmuxer.NewSyntaxParser()
	if err != nil {
		panic(err)
	}
	muxer := httpmuxer.NewMuxer(parser, nil)
	found := 0
	handler := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { found++ })
	prefixes := []string{"a", "a/b", "a/b/c", "b", "b/c"}
	random := numbers(3)
	hosts := make([]string, 0, 10_000)
	for range 10_000 {
		host := fmt.Sprintf("host-%d.example.com", random.below(2_000))
		rule := fmt.Sprintf("Host(`%s`) && PathPrefix(`/%s`)", host, prefixes[random.below(5)])
		if err := muxer.AddRoute(rule, "v3", httpmuxer.GetRulePriority(rule), "", handler); err != nil {
			panic(err)
		}
		hosts = append(hosts, host)
	}
	entrance := requestdecorator.New(nil)
	requests := make([]*http.Request, 512)
	for index := range requests {
		requests[index] = httptest.NewRequest(http.MethodGet, "http://"+hosts[random.below(10_000)]+"/a/b/c/d", nil)
	}
	writer := httptest.NewRecorder()
	start := time.Now()
	for _, request := range requests {
		entrance.ServeHTTP(writer, request, muxer.ServeHTTP)
	}
	fmt.Printf("%d\n", time.Since(start).Nanoseconds()/int64(len(requests)))
}
