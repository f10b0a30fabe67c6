namespace PaperPipeline.ServiceDefaults.Settings;

/// <summary>Secrets among the settings: given directly, or as a file that keeps them out of the environment.</summary>
internal static class Secrets
{
    /// <summary>The secret <c>name</c>, or what the file <c>name_FILE</c> holds without the space around it; null when neither is set.</summary>
    /// <exception cref="SettingException">Both are set, or the file is empty or cannot be read.</exception>
    public static string? Read(string name, Func<string, string?> setting)
    {
        var value = setting(name);
        if (setting(name + "_FILE") is not { } file)
            return value;
        if (value is not null)
            throw new SettingException(
                $"PAPERPIPELINE_{name} and PAPERPIPELINE_{name}_FILE are both set: use one of them."
            );
        try
        {
            return File.ReadAllText(file).Trim() is { Length: > 0 } text
                ? text
                : throw new SettingException($"PAPERPIPELINE_{name}_FILE is {file}, which is empty.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"PAPERPIPELINE_{name}_FILE is {file}, which cannot be read: {failure.Message}");
        }
    }

    /// <summary>User and password from <c>PREFIX_USER</c> and the secret <c>PREFIX_PASSWORD</c>; null when neither is set.</summary>
    /// <exception cref="SettingException">One of them is missing.</exception>
    public static (string User, string Password)? ReadPair(string prefix, Func<string, string?> setting) =>
        (setting(prefix + "_USER"), Read(prefix + "_PASSWORD", setting)) switch
        {
            (null, null) => null,
            ({ } user, { } password) => (user, password),
            (null, _) => throw new SettingException(
                $"PAPERPIPELINE_{prefix}_PASSWORD is set without a user: set PAPERPIPELINE_{prefix}_USER."
            ),
            _ => throw new SettingException(
                $"PAPERPIPELINE_{prefix}_USER is set without a password: set PAPERPIPELINE_{prefix}_PASSWORD_FILE."
            ),
        };
}
