// The emoji that are offered, with the names by which they are found: as `:name:` in a message, or
// in the picker. The names are a notation and the same in every language.

const SOURCE: Record<string, string> = {
  faces:
    "😀 grinning|😃 smiley|😄 smile|😁 grin|😆 laughing|😅 sweat_smile|🤣 rofl|😂 joy|🙂 slight_smile|😉 wink|😊 blush|😇 innocent|🥰 love|😍 heart_eyes|🤩 star_struck|😘 kiss|😋 yum|😜 tongue_wink|🤪 zany|🤗 hug|🤭 oops|🤫 shh|🤔 thinking|🫡 salute|🤨 eyebrow|😐 neutral|😏 smirk|😒 unamused|🙄 eye_roll|😬 grimace|😌 relieved|😔 pensive|😴 sleeping|😷 mask|🤒 ill|🤯 mind_blown|🥳 party_face|😎 cool sunglasses|🤓 nerd|🧐 monocle|😕 confused|😟 worried|😮 wow open_mouth|😳 flushed|🥺 pleading|😢 cry|😭 sob|😱 scream|😤 huff|😡 angry rage|🤬 swearing|💀 skull|💩 poop|🤡 clown|👻 ghost|👽 alien|🤖 robot",
  people:
    "👍 thumbsup +1 yes|👎 thumbsdown -1 no|👌 ok_hand|🤌 pinched|✌️ peace|🤞 fingers_crossed|🤟 love_you|🤘 rock|👈 left|👉 right|👆 up|👇 down|👋 wave|🤚 hand|✋ stop high_five|🖖 vulcan|👏 clap|🙌 raised_hands hooray|👐 open_hands|🤝 handshake deal|🙏 pray thanks|✍️ writing|💪 muscle strong|👀 eyes|👁️ eye|🧠 brain|🗣️ speaking|🙋 raising_hand|🤷 shrug|🤦 facepalm|🙆 ok_person|💁 tipping|🏃 running|💃 dancing|🧑‍💻 technologist coder|🧑‍🏫 teacher|🧑‍🎓 student",
  nature:
    "🐶 dog|🐱 cat|🐭 mouse|🦊 fox|🐻 bear|🐼 panda|🦁 lion|🐮 cow|🐷 pig|🐸 frog|🐵 monkey|🙈 see_no_evil|🐔 chicken|🐧 penguin|🦆 duck|🦉 owl|🐝 bee|🐛 bug|🦋 butterfly|🐢 turtle|🐍 snake|🦀 crab rust|🐙 octopus|🐳 whale|🦈 shark|🐊 crocodile jacare|🌵 cactus|🌲 tree|🍀 clover luck|🌹 rose|🌻 sunflower|🌞 sun|🌙 moon|⭐ star|✨ sparkles|⚡ lightning zap|🔥 fire|🌈 rainbow|☁️ cloud|🌧️ rain|❄️ snow|🌊 ocean",
  things:
    "🍎 apple|🍌 banana|🍉 watermelon|🍓 strawberry|🥑 avocado|🍞 bread|🧀 cheese|🍕 pizza|🍔 burger|🍟 fries|🌮 taco|🍿 popcorn|🍣 sushi|🍰 cake|🎂 birthday|🍫 chocolate|☕ coffee cafe|🧉 mate|🍵 tea|🍺 beer|🍻 cheers|🍷 wine|🥂 toast|⚽ football soccer|🏀 basketball|🎮 game|🎲 dice|🎯 target|🎸 guitar|🎧 headphones|🎤 mic|🎬 movie|🎨 art|🎉 tada party|🎊 confetti|🎁 gift|🏆 trophy|🥇 gold first|🚗 car|🚲 bike|✈️ plane|🚀 rocket ship_it|🏠 house|🏫 school|🏖️ beach|⏰ alarm|⏳ hourglass|📱 phone|💻 laptop|🖥️ computer|⌨️ keyboard|🔋 battery|💡 idea bulb|🔧 wrench|🔨 hammer|🔒 lock|🔑 key|📌 pin|📎 clip|📅 calendar|📈 chart_up|📉 chart_down|📚 books|📖 book|✏️ pencil|📝 memo|📦 package|✉️ mail|🔔 bell|🗑️ trash",
  signs:
    "❤️ heart|🧡 orange_heart|💛 yellow_heart|💚 green_heart|💙 blue_heart|💜 purple_heart|🖤 black_heart|🤍 white_heart|💔 broken_heart|💕 hearts|💯 100 hundred|💥 boom|💫 dizzy|💦 sweat|💤 zzz|💬 speech|✅ check done|☑️ checkbox|✔️ tick|❌ x cross|❓ question|❗ exclamation|⚠️ warning|🚫 forbidden|♻️ recycle|🔴 red|🟠 orange|🟡 yellow|🟢 green|🔵 blue|🟣 purple|⚫ black|⚪ white|➕ plus|➖ minus|➡️ arrow_right|⬅️ arrow_left|⬆️ arrow_up|⬇️ arrow_down|🔄 refresh|🆗 ok|🆕 new|🇧🇷 brazil|🇵🇹 portugal|🇪🇸 spain|🇦🇷 argentina|🇲🇽 mexico|🇺🇸 usa|🏳️‍🌈 pride|🏁 finish",
};

/** Each emoji and its names. */
export const EMOJI: (readonly [emoji: string, names: string])[] = [];
/** The groups: a message's id, and which emoji are in it. */
export const GROUPS: (readonly [id: string, from: number, to: number])[] = [];

for (const [id, line] of Object.entries(SOURCE)) {
  const from = EMOJI.length;
  for (const each of line.split("|")) {
    const at = each.indexOf(" ");
    EMOJI.push([each.slice(0, at), each.slice(at + 1)]);
  }
  GROUPS.push([id, from, EMOJI.length]);
}
