using System.Text;
using PaperPipeline.ServiceDefaults.Settings;

namespace PaperPipeline.Tests.Settings;

/// <summary>How the settings say where the index is and who asks.</summary>
public sealed class IndexSettingsTests : IDisposable
{
    private const string Node = "https://search.example:9200";

    private readonly string _folder = Directory.CreateTempSubdirectory("paperpipeline-settings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Nothing_set_is_the_index_file() => Assert.Null(Read().Index);

    [Fact]
    public void Several_nodes_are_separated_by_commas()
    {
        var index = Index(("INDEX", "http://one:9200, http://two:9200/below"));

        Assert.Equal(["http://one:9200/", "http://two:9200/below"], index.Nodes.Select(n => n.ToString()));
        Assert.Null(index.Authorization);
        Assert.Equal("", index.Prefix);
    }

    [Fact]
    public void User_and_password_in_the_address_are_sent_and_never_shown()
    {
        var index = Index(("INDEX", "https://reader:p%40ss%3Aword@search.example:9200"));

        Assert.Equal(Basic("reader:p@ss:word"), index.Authorization);
        Assert.Equal(new Uri(Node), Assert.Single(index.Nodes));
        Assert.DoesNotContain("word", index.Name + index, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INDEX_API_KEY", "bm90IHJlYWw=", "ApiKey bm90IHJlYWw=")]
    [InlineData("INDEX_TOKEN", "abc.def", "Bearer abc.def")]
    public void A_key_or_token_is_given_directly_or_in_a_file(string name, string secret, string header)
    {
        Assert.Equal(header, Index(("INDEX", Node), (name, secret)).Authorization);
        Assert.Equal(header, Index(("INDEX", Node), (name + "_FILE", Keep(secret + "\r\n"))).Authorization);
    }

    [Fact]
    public void A_key_of_two_parts_is_encoded() =>
        Assert.Equal(
            "ApiKey " + Convert.ToBase64String("id:key"u8),
            Index(("INDEX", Node), ("INDEX_API_KEY", "id:key")).Authorization
        );

    [Fact]
    public void A_user_has_a_password_from_a_file()
    {
        var index = Index(("INDEX", Node), ("INDEX_USER", "reader"), ("INDEX_PASSWORD_FILE", Keep("pass word\n")));

        Assert.Equal(Basic("reader:pass word"), index.Authorization);
    }

    [Theory]
    [InlineData("without a password", "INDEX_USER", "reader")]
    [InlineData("without a user", "INDEX_PASSWORD", "a")]
    [InlineData("are both set", "INDEX_TOKEN", "a", "INDEX_TOKEN_FILE", "/b")]
    [InlineData("cannot read the certificate authority", "INDEX_CA", "/nowhere/at/all.pem")]
    [InlineData("Several credentials", "INDEX_API_KEY", "a", "INDEX_TOKEN", "b")]
    [InlineData("which cannot be read", "INDEX_API_KEY_FILE", "/nowhere/at/all")]
    [InlineData("control character", "INDEX_TOKEN", "a\nb")]
    [InlineData("lower-case letters", "INDEX_PREFIX", "Team-")]
    [InlineData("lower-case letters", "INDEX_PREFIX", "a*b")]
    [InlineData("must begin with", "INDEX_PREFIX", "-team")]
    public void What_contradicts_itself_or_cannot_be_is_refused(string reason, params string[] settings)
    {
        var refused = Assert.Throws<SettingException>(() =>
            Index([("INDEX", Node), .. settings.Chunk(2).Select(pair => (pair[0], pair[1]))])
        );

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void An_empty_secret_file_is_refused()
    {
        var file = Keep(" \n");

        var refused = Assert.Throws<SettingException>(() => Index(("INDEX", Node), ("INDEX_TOKEN_FILE", file)));

        Assert.Contains("is empty", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://search.example")]
    [InlineData("search.example:9200")]
    [InlineData("https://one:9200,,https://two:9200")]
    [InlineData("https://user:secret@")]
    [InlineData("https://user:secret,https://more@one:9200")]
    public void An_address_that_is_none_is_refused_without_its_secret(string address)
    {
        var refused = Assert.Throws<SettingException>(() => Index(("INDEX", address)));

        Assert.Contains("PAPERPIPELINE_INDEX", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    private static IndexAccess Index(params (string Name, string Value)[] settings) => Read(settings).Index!;

    private static PipelineSettings Read(params (string Name, string Value)[] settings) =>
        PipelineSettings.Read(name => settings.Where(s => s.Name == name).Select(s => s.Value).FirstOrDefault());

    private static string Basic(string pair) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(pair));

    private string Keep(string secret)
    {
        var file = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        File.WriteAllText(file, secret);
        return file;
    }
}
