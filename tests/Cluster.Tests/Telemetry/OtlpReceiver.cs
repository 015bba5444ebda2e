using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;

using Google.Protobuf;

namespace Trainer.Telemetry;

/// <summary>A span as it arrived: enough to check who wrote it and what it belongs to.</summary>
internal sealed record ReceivedSpan(
    string TraceId, string SpanId, string ParentSpanId, string Name, string Service, string Instance);

/// <summary>
/// An OTLP receiver over HTTP on a free loopback port: keeps the spans of every <c>/v1/traces</c> request.
/// </summary>
internal sealed class OtlpReceiver : IDisposable
{
    // Field numbers of opentelemetry-proto 1.x: trace_service.proto, trace.proto, resource.proto, common.proto.
    private const int ResourceSpans = 1;
    private const int Resource = 1;
    private const int ScopeSpans = 2;
    private const int Span = 2;
    private const int Attribute = 1;

    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<ReceivedSpan> _spans = new();
    private readonly Task _serving;

    public OtlpReceiver()
    {
        BaseUrl = $"http://127.0.0.1:{FreePort()}";
        _listener.Prefixes.Add(BaseUrl + "/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public string BaseUrl { get; }

    public IReadOnlyCollection<ReceivedSpan> Spans => _spans;

    public void Dispose()
    {
        _listener.Stop();
        _listener.Close();
        _serving.Wait(TimeSpan.FromSeconds(5));
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new MemoryStream();
            bool zipped = context.Request.Headers["Content-Encoding"] == "gzip";
            using Stream input = zipped
                ? new GZipStream(context.Request.InputStream, CompressionMode.Decompress)
                : context.Request.InputStream;
            await input.CopyToAsync(body);
            if (context.Request.Url?.AbsolutePath == "/v1/traces")
            {
                ReadRequest(body.ToArray());
            }

            context.Response.StatusCode = context.Request.Url?.AbsolutePath == "/v1/traces" ? 200 : 404;
            context.Response.ContentType = "application/x-protobuf";
            context.Response.Close();
        }
    }

    private void ReadRequest(byte[] request)
    {
        foreach (ByteString resourceSpans in Fields(request, ResourceSpans))
        {
            Dictionary<string, string> resource = [];
            foreach (ByteString description in Fields(resourceSpans.ToByteArray(), Resource))
            {
                foreach (ByteString attribute in Fields(description.ToByteArray(), Attribute))
                {
                    (string key, string value) = ReadAttribute(attribute.ToByteArray());
                    resource[key] = value;
                }
            }

            foreach (ByteString scope in Fields(resourceSpans.ToByteArray(), ScopeSpans))
            {
                foreach (ByteString span in Fields(scope.ToByteArray(), Span))
                {
                    _spans.Enqueue(ReadSpan(span.ToByteArray(), resource));
                }
            }
        }
    }

    private static ReceivedSpan ReadSpan(byte[] span, Dictionary<string, string> resource) => new(
        Convert.ToHexStringLower(Fields(span, 1).Single().Span),
        Convert.ToHexStringLower(Fields(span, 2).Single().Span),
        Convert.ToHexStringLower(Fields(span, 4).FirstOrDefault(ByteString.Empty).Span),
        Fields(span, 5).Single().ToStringUtf8(),
        resource.GetValueOrDefault("service.name", ""),
        resource.GetValueOrDefault("service.instance.id", ""));

    private static (string Key, string Value) ReadAttribute(byte[] attribute)
    {
        string key = Fields(attribute, 1).Single().ToStringUtf8();
        byte[] value = Fields(attribute, 2).FirstOrDefault(ByteString.Empty).ToByteArray();
        return (key, Fields(value, 1).FirstOrDefault(ByteString.Empty).ToStringUtf8());
    }

    // Every length-delimited field with one number; others are skipped.
    private static IEnumerable<ByteString> Fields(byte[] message, int number)
    {
        using var input = new CodedInputStream(message);
        List<ByteString> found = [];
        while (input.ReadTag() is var tag && tag != 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == number
                && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
            {
                found.Add(input.ReadBytes());
            }
            else
            {
                input.SkipLastField();
            }
        }

        return found;
    }
}
