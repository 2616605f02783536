// A name server for the suite's UDP tests: it stands where the manifests name CoreDNS, and reads the file that they give
// CoreDNS only as far as to be ready. Every A question is answered with the same documentation address.
package main

import (
	"log"
	"net"

	"github.com/miekg/dns"
)

func answer(writer dns.ResponseWriter, question *dns.Msg) {
	reply := new(dns.Msg)
	reply.SetReply(question)
	for _, asked := range question.Question {
		if asked.Qtype != dns.TypeA {
			continue
		}
		reply.Answer = append(reply.Answer, &dns.A{
			Hdr: dns.RR_Header{Name: asked.Name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 1},
			A:   net.IPv4(192, 0, 2, 53),
		})
	}
	if err := writer.WriteMsg(reply); err != nil {
		log.Printf("cannot answer %s: %v", writer.RemoteAddr(), err)
	}
}

func main() {
	dns.HandleFunc(".", answer)
	for _, network := range []string{"tcp", "udp"} {
		server := &dns.Server{Addr: ":53", Net: network}
		go func() { log.Fatal(server.ListenAndServe()) }()
	}
	select {}
}
