//! Lines of every format, sound and broken, and what is read from them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use ghost_access_log::{Entry, LogFormat, Reader};

/// Each entry as one line of text: `METHOD url name=value...`, or `? reason`, with its line number.
fn read(format: &str, log: &str) -> Vec<String> {
    let mut reader = Reader::new(LogFormat::parse(format).unwrap(), b"fallback.example");
    let mut found = Vec::new();
    reader.read(log.as_bytes(), &mut |spot, entry| {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        found.push(match entry {
            Entry::Request(request) => {
                let headers =
                    request.headers.iter().map(|(name, value)| format!(" {}={}", text(name), text(value)));
                format!(
                    "{} {} {}{}",
                    spot.line,
                    text(request.method),
                    text(request.url),
                    headers.collect::<String>()
                )
            }
            Entry::Unreadable(_, reason) => format!("{} ? {reason}", spot.line),
        });
    });
    found
}

#[test]
fn common_and_combined() {
    let log = concat!(
        "127.0.0.1 - - [10/Oct/2000:13:55:36 -0700] \"GET /a?b=c HTTP/1.0\" 200 2326 \"-\" \"curl/8\"\n",
        "::1 - me [t x] \"POST http://a.example/b HTTP/1.1\" 200 - \"http://r/\" \"a \\\"b\\\" \\x41\"\r\n",
        "\n",
        "::1 - - [t] \"-\" 400 0 \"-\" \"-\"\n",
        "::1 - - [t] \"GARBAGE\" 400 0 \"-\" \"-\"\n",
        "rubbish\n",
        "::1 - - [t] \"GET /a b HTTP/1.1\" 200 1 \"-\" \"-\"\n",
        "::1 - - [t] \"GET /old\" 200 1 \"-\" \"-\"",
    );
    assert_eq!(
        read("combined", log),
        [
            "0 GET /a?b=c host=fallback.example user-agent=curl/8",
            "1 POST http://a.example/b referer=http://r/ user-agent=a \"b\" A",
            "3 ? no request was logged",
            "4 ? the request line is none",
            "5 ? the line does not have the format",
            "6 GET /a b host=fallback.example",
            "7 GET /old host=fallback.example",
        ]
    );
    let first = log.split("\"-\"").next().unwrap();
    assert_eq!(read("common", first.trim_end()), ["0 GET /a?b=c host=fallback.example"]);
}

#[test]
fn custom_formats() {
    let cases = [
        ("%v %m %U%q", "a.example GET /x?y=1", "0 GET /x?y=1 host=a.example"),
        ("%m %U %q", "GET /x ?y=1", "0 GET /x?y=1 host=fallback.example"),
        (
            "%{X-Forwarded-Host}i|%{Host}i|%r",
            "f|h:8080|GET / HTTP/2",
            "0 GET / host=h:8080 x-forwarded-host=f",
        ),
        (
            "$scheme $host $request_method $uri $args \"$http_user_agent\"",
            "https a.example GET /x y=1 \"u a\"",
            "0 GET https://a.example/x?y=1 user-agent=u a",
        ),
        ("[$request] ", "[HEAD / HTTP/1.1] ", "0 HEAD / host=fallback.example"),
    ];
    for (format, line, expected) in cases {
        assert_eq!(read(format, line), [expected], "{format}");
    }
}

#[test]
fn json_lines() {
    let log = r#"{"method":"GET","host":"a.example","path":"/x","query":"y=1","status":200}
{"request":{"method":"PUT","host":"b.example","uri":"/z?q","headers":{"User-Agent":["u"],"X":"1"}},"level":"info"}
{"request":"DELETE /d HTTP/1.1","http_user_agent":"u","scheme":"https","server_name":"c.example"}
{"RequestMethod":"GET","RequestPath":"/t","RequestHost":"d.example","request_User-Agent":"v","n":{"a":[1,null,true,1.5]}}
{"authority":"e.example","path":"\/e"}
{"path":"-"}
[1]
{"path":"/x"
{"path":null,"url":"/u"}
"#;
    assert_eq!(
        read("json", log),
        [
            "0 GET /x?y=1 host=a.example",
            "1 PUT /z?q host=b.example User-Agent=u X=1",
            "2 DELETE https://c.example/d user-agent=u",
            "3 GET /t host=d.example User-Agent=v",
            "4 GET /e host=e.example",
            "5 ? no request was logged",
            "6 ? the line is no JSON object",
            "7 ? the line is no JSON object",
            "8 GET /u host=fallback.example",
        ]
    );
}

#[test]
fn varnishlog_by_request() {
    let log = "\
*   << Request  >> 32770
-   Begin          req 32769 rxreq
-   ReqMethod      GET
-   ReqURL         /foo?a=b
-   ReqProtocol    HTTP/1.1
-   ReqHeader      Host: a.example
-   ReqHeader      X-Empty:
-   VCL_call       RECV
-   ReqURL         /changed
-   ReqHeader      X-Late: 1
-   End
**  << BeReq    >> 32771
--  Begin          bereq 32770 fetch
--  BereqMethod    GET
--  End
**  << Request  >> 32772
--  Begin          req 32770 esi
--  ReqMethod      GET
--  ReqURL         /part
--  End

*   << Request  >> 32773
-   Begin          req 32769 rxreq
-   ReqURL         /
-   End
*   << Session  >> 3
-   Begin          sess 0 HTTP/1
";
    assert_eq!(
        read("varnishlog", log),
        ["0 GET /foo?a=b Host=a.example X-Empty=", "21 ? no request was logged",]
    );
}

#[test]
fn garbage_is_told_line_by_line() {
    let mut state = 7_u32;
    let mut log = Vec::new();
    for _ in 0..20_000 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        log.push(state.to_be_bytes()[0]);
    }
    for format in ["common", "combined", "json", "varnishlog", "%m %U", "$request"] {
        let mut reader = Reader::new(LogFormat::parse(format).unwrap(), b"");
        let mut entries = 0;
        let lines = reader.read(&log, &mut |_, _| entries += 1);
        assert!(entries <= lines, "{format}");
    }
}
