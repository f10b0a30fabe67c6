namespace PaperPipeline.Conformance;

public abstract partial class PaperStoreConformance
{
    [Fact]
    public async Task Whatever_is_typed_is_no_syntax()
    {
        await using var store = await OpenAsync("typed");
        await store.WriteAsync([Observations.Of("d", 1, Lanterns)], Token);

        foreach (
            var query in new[]
            {
                "\"unbalanced",
                "lanterns AND",
                "* - ( NEAR",
                "title:lanterns",
                "\"\" \"",
                "",
                "lanterns*",
                "-lanterns",
                "lanterns^2 OR",
                "{\"match_all\":{}}",
                "\\ / [ ]",
                new string('a', 5000),
                string.Join(' ', Enumerable.Range(0, 3000).Select(n => $"word{n}")),
            }
        )
            Assert.Equal(query, (await store.SearchAsync(query, 5, Token)).Query);
        Assert.Equal(1, (await store.SearchAsync("lanterns AND", 5, Token)).Total);
        Assert.Equal(0, (await store.SearchAsync("\"\" *", 5, Token)).Total);
    }

    [Fact]
    public async Task Folded_forms_find_their_paper_first()
    {
        await using var store = await OpenAsync("folded");
        await store.WriteAsync(
            [
                Observations.Of("d", 1, "Level-S²fM: an invented title"),
                Observations.Of("d", 2, "Sea level and salt: a study"),
                Observations.Of("d", 3, "On ℓ₁ norms and other letters"),
                Observations.Of("d", 4, "Müller's theorem on naïve sets"),
            ],
            Token
        );

        foreach (var query in new[] { "Level-S2fM", "Level-S²fM", "Level-S$^2$fM", "level s2fm" })
            Assert.StartsWith("Level-S²fM", await First(query), StringComparison.Ordinal);
        foreach (var query in new[] { "ell_1", "ℓ₁", "l1", "$\\ell_1$" })
            Assert.StartsWith("On ℓ₁", await First(query), StringComparison.Ordinal);
        Assert.StartsWith("Müller", await First("muller naive"), StringComparison.Ordinal);

        async Task<string> First(string query)
        {
            var answer = await store.SearchAsync(query, 5, Token);
            Assert.True(answer.Hits.Count > 0, $"nothing found for {query}");
            return answer.Hits[0].Title;
        }
    }

    [Theory]
    [InlineData("We don't bound the state-of-the-art (3.5x) norm: \u201cpanic\u201d \u2014 Newton\u2019s 'rule' x_1")]
    [InlineData(
        "We don't bound the state-of-the-art (3.5x) norm: \u201cpanic\u201d \u2014 Newton\u2019s 'rule' x_1 by Poincar\u00e9"
    )]
    public async Task An_abstract_is_found_by_its_folded_words_and_phrases(string text)
    {
        await using var store = await OpenAsync("abstract");
        await store.WriteAsync(
            [
                Observations.Of("d", 1, Lanterns, text: text),
                Observations.Of("d", 2, "Something else entirely", text: "The art of the state, bounded by newton"),
            ],
            Token
        );

        foreach (
            var query in (string[])
                [
                    "dont bounds",
                    "\"don't bound\"",
                    "\"state of the art\"",
                    "\"3 5x norms\"",
                    "\"panic newtons rule\"",
                    "x_1",
                    "x1",
                    "panic x\u2081",
                ]
        )
        {
            var answer = await store.SearchAsync(query, 5, Token);
            Assert.True(answer.Hits is [{ Title: Lanterns }], $"{query} finds {answer.Total}");
        }
    }

    [Fact]
    public async Task A_title_weighs_more_than_a_name_and_a_name_more_than_an_abstract()
    {
        await using var store = await OpenAsync("weights");
        await store.WriteAsync(
            [
                Observations.Of("d", 1, "Something else entirely, first", text: "It compares with gridwalk."),
                Observations.Of("d", 2, "Something else entirely, second", text: "Nothing.", name: "Gridwalk"),
                Observations.Of("d", 3, "Gridwalk", text: "It is about walking.", name: "Other"),
            ],
            Token
        );

        var answer = await store.SearchAsync("gridwalk", 5, Token);

        Assert.Equal(3, answer.Total);
        Assert.Equal(
            ["Gridwalk", "Something else entirely, second", "Something else entirely, first"],
            answer.Hits.Select(h => h.Title)
        );
        Assert.All(answer.Hits, hit => Assert.True(hit.Score > 0));
    }

    [Fact]
    public async Task A_whole_title_comes_first_among_longer_ones_and_word_forms_are_found()
    {
        await using var store = await OpenAsync("whole");
        await store.WriteAsync(
            [
                Observations.Of("d", 1, "Learning to walk and learning to walk again", text: "learning to walk"),
                Observations.Of("d", 2, "Learning to Walk", text: "A study."),
                Observations.Of("d", 3, "Networks of bridges", text: "A bridge is networked."),
            ],
            Token
        );

        Assert.Equal("Learning to Walk", (await store.SearchAsync("learning to walk", 5, Token)).Hits[0].Title);
        Assert.Equal("Networks of bridges", (await store.SearchAsync("network bridge", 5, Token)).Hits[0].Title);
    }

    [Fact]
    public async Task A_phrase_must_occur_as_it_is_and_the_limit_bounds_the_hits_alone()
    {
        await using var store = await OpenAsync("phrase");
        await store.WriteAsync(
            [
                .. Enumerable.Range(1, 7).Select(n => Observations.Of("d", n, $"Tides of the northern sea, part {n}")),
                Observations.Of("d", 8, "A northern tide and a southern sea"),
            ],
            Token
        );

        var phrase = await store.SearchAsync("\"northern sea\"", 3, Token);

        Assert.Equal((7, 3), (phrase.Total, phrase.Hits.Count));
        Assert.Equal(8, (await store.SearchAsync("northern sea", 3, Token)).Total);
    }
}
