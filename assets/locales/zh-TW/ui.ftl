### 視窗自己說的話。主程式回報的訊息用它自己的字句。

window-title = BandPro
window-title-of = { $title } — BandPro
close = 關閉
cancel = 取消

## 框架。

rooms = 各區
room-library = 樂譜庫
room-score = 樂譜
room-band = 樂團
room-settings = 設定
drop-here = 把樂譜放在這裡匯入

waiting-library = 正在讀樂譜庫
waiting-import = 正在匯入
waiting-open = 正在打開樂譜
waiting-edit = 正在處理樂譜
waiting-sound = 正在準備聲音
waiting-export = 正在匯出
waiting-sync = 正在交換改動
waiting-share = 正在製作邀請
waiting-join = 正在取得分享的內容

status-voice = 聲部 { $voice }
status-range = 已選取 { $count } 個
status-place = 第 { $measure } 小節，第 { $beat } 拍
status-nothing-selected = 點一個音符，或按 → 選取第一個音
status-saved = 已儲存
status-saving = 正在儲存
status-input = 輸入音符：{ $value }

fatal-title = 樂譜庫打不開
fatal-words = 沒有改動任何資料。請關閉視窗，排除原因後再打開。

## 樂譜庫。

library-search = 搜尋曲名與作曲者
library-import = 匯入…
library-open = 打開「{ $title }」
library-rename = 重新命名「{ $title }」
library-share = 分享「{ $title }」
library-delete = 刪除「{ $title }」
library-size = { $parts } 個分部 · { $measures } 小節
library-no-picture = 沒有預覽
library-nothing-found = 沒有叫做「{ $asked }」的樂譜。

empty-title = 譜架上還沒有譜
empty-words = 先放進示範樂譜，改一個音聽聽看；或從任何打譜軟體帶一份 MusicXML、MIDI 或 ABC 檔案過來。
empty-demo = 放進示範樂譜
empty-join = 加入樂團…
empty-drop = 也可以把檔案拖放到視窗的任何地方。

import-kinds = 樂譜：MusicXML、MIDI、ABC
import-book = 「{ $file }」：已匯入 { $count } 份樂譜。
import-failed = 「{ $file }」沒有匯入。
import-noted = 「{ $file }」已匯入；其中有 { $count } 處看不懂

## 一次處理多份樂譜。

library-tick = 選取「{ $title }」以匯出
library-ticked = 已選取 { $count } 份
library-untick = 取消選取
library-export-ticked = 匯出選取的…
library-export-all = 匯出…
batch-title = 匯出 { $count } 份樂譜
batch-formats = 格式
batch-folder = 存放檔案的資料夾
batch-folder-choose = 選擇資料夾…
batch-folder-none = 尚未選擇資料夾
batch-start = 匯出
batch-progress = { $total } 個中的第 { $done } 個
batch-stopping = 這個檔案完成後停止
batch-done = 已寫入 { $count } 個檔案。
batch-cancelled = 其餘的依您的要求略過。
batch-failed = 有 { $count } 個無法寫入：
batch-of = { $name }（{ $format }）：
batch-left-out = 有 { $count } 個檔案放不下部分內容

rename-title = 重新命名樂譜
rename-field = 曲名
rename-save = 重新命名
delete-title = 要刪除「{ $title }」嗎？
delete-words = 它會從這台筆電，以及所有共用「{ $space }」的筆電上消失。
delete-confirm = 刪除

## 樂譜。

score-of = 樂譜：{ $title }
page = 第 { $page } 頁
transport = 播放
transport-measure = 第 { $measure } 小節
play = 播放
stop = 停止
playback-preparing = 準備中
undo = 復原
redo = 重做
zoom-in = 放大
zoom-out = 縮小
zoom-fit = 符合視窗寬度
zoom-percent = { $percent }%
tree = 依分部與小節排列的樂譜
tree-measure = 第 { $measure } 小節

## 檢視樂譜。

view = 檢視
view-part = 要顯示的分部
view-part-number = 分部 { $number }

## 樣式與紙張。

style-title = 樣式與紙張
style-preset = 樣式
style-changed = 另有自己的更動。
style-paper = 紙張
style-paper-of = 「{ $part }」的紙張
style-width-height = 寬與高（公釐）
style-width = 寬（公釐）
style-height = 高（公釐）
style-orientation = 方向
style-portrait = 直式
style-landscape = 橫式
style-as-score = 與總譜相同
style-room = 間距
style-shown = 顯示內容
style-type = 字型
style-lines = 線條
size-a3 = A3
size-a4 = A4
size-a5 = A5
size-b4 = B4
size-letter = Letter
size-legal = Legal
size-tabloid = Tabloid
size-custom = 自訂大小
side-top = 上
side-right = 右
side-bottom = 下
side-left = 左
unit-mm = 公釐
unit-percent = %
numbers-every = { $each ->
    [1] 每小節
   *[other] 每 { $each } 小節
}

## 指令與匯出。

palette = 所有指令
palette-search = 尋找指令
palette-argument = 請輸入：{ $form }
palette-choose = 請選擇
palette-choose-or = 請選擇，或輸入：{ $form }
palette-nothing = 沒有這個名稱的指令

export-title = 匯出樂譜
export-format = 格式
export-part = 分部
export-dpi = 每英寸點數
export-save = 另存…
export-done = 已寫入 { $count } 個檔案：
export-left-out = 這個格式放不下：
format-pdf = PDF
format-pdf-use = 列印與閱讀
format-musicxml = MusicXML
format-musicxml-use = 給其他打譜軟體
format-mxl = 壓縮的 MusicXML
format-mxl-use = 內容相同，檔案較小
format-mid = MIDI
format-mid-use = 給編曲軟體
format-abc = ABC
format-abc-use = 純文字民謠記譜
format-wav = 聲音（WAV）
format-wav-use = 聆聽
format-png = 圖片（PNG）
format-png-use = 每頁一張
format-svg = 向量圖（SVG）
format-svg-use = 放多大都清晰

## 樂團。

band-sync-now = 立即同步
band-unnamed = 沒有名稱的筆電
band-last-seen = 上次見到：{ DATETIME($when, dateStyle: "medium", timeStyle: "short") }。
band-own = 你自己的空間
band-own-words = 這裡是你自己的樂譜。可以加入你的其他筆電，並印一組金鑰，以備筆電全都不見的那一天。要和別人一起演奏，請成立或加入樂團。
band-alone-words = 這裡還沒有別人。邀請團員吧：他們的筆電上要有 BandPro，不需要帳號。
band-your-role = 你：{ $role }
band-rename = 替「{ $name }」改名
band-rename-title = 替樂團改名
band-name-field = 樂團名稱
band-add-laptop = 加入我的另一台筆電
band-calls = { $count } 件事等你回答
found-title = 新樂團
found-words = 樂團有自己的樂譜，你邀請的人都看得到；你自己的樂譜還是你的。
found-do = 成立樂團
pane-relays = 網路與中繼站
status-show-band = 顯示樂團畫面
status-pending = { $count } 個改動等候中
no-notifications = 這台電腦無法顯示桌面通知。加入的請求會顯示在這裡和狀態列。
members-title = 成員
member-you = 你
member-role = { $name } 的身分
member-remove = 移除 { $name }
member-devices = { $name } 的筆電
device-this = 這台筆電
device-key = 列印的金鑰
device-frozen = 有兩份紀錄
device-near = 在同一個網路
device-direct = 透過網際網路
device-relayed = 經由中繼站
device-away = 未連線
device-behind = 落後 { $count } 個改動
device-frozen-way = 它在分享了較新的改動之後還原了備份，之後寫的改動另外保存。請在那台筆電自己的樂團畫面更新它，什麼都不會遺失；如果已經不用了，就在這裡移除。
device-frozen-here = 這台筆電在分享了較新的改動之後還原了備份，這裡寫的傳不到別人那裡。請更新這台筆電：之前分享過的會從其他人那裡回來，之後寫的也會加上去。
device-renewed = 更新之前
device-renewed-way = 這是這台筆電更新之前的裝置。這台筆電和有它分享內容的人連上之後，它就會消失。
renew-do = 更新這台筆電
renew-title = 更新這台筆電
renew-what = BandPro 會關閉並重新啟動。其他人會看到這台筆電是你的新裝置，不必再邀請你。還原備份之後寫的，會在這台筆電和其中一人連上時補上。
device-remove = 移除 { $name }
requests-title = 等你回答
requests-count = { $count } 個加入請求
requests-words = 你同意之後，對方再問一次就能進來；對方的 BandPro 會自動再問。
request-since = { $device }，{ DATETIME($when, dateStyle: "medium", timeStyle: "short") } 提出
request-admit = 讓對方進來
request-admit-name = 讓 { $name } 進來
request-refuse = 拒絕
request-refuse-name = 拒絕 { $name }
request-admitted = { $name } 可以進來了。
request-refused = { $name } 留在外面。
invite-title = 邀請
invite-to = 邀請加入「{ $space }」
invite-words = 一份邀請會打開這個空間和其中所有的樂譜，拿到的人都能進來。只傳給你要邀的人。
invite-for = 給誰
offer-viewer = 讀者
offer-viewer-use = 看得到、播得了所有樂譜
offer-editor = 樂手
offer-editor-use = 也能寫
offer-owner = 擁有者
offer-owner-use = 也能決定誰在樂團裡
offer-device = 我的另一台筆電
offer-device-use = 同一個人，同樣的權利
invite-valid = 有效期間
valid-1 = 一小時
valid-24 = 一天
valid-168 = 一週
valid-720 = 一個月
invite-uses = 可以用幾次
invite-confirm = 有人要進來時先問我
invite-make = 製作邀請
invite-another = 再做一份
invite-ticket = 邀請
invite-copy = 複製
invite-copied = 已複製
ticket-send = 把「{ $space }」的邀請傳給對方，或讓對方從螢幕掃描。在對方用過之前，請讓這裡的 BandPro 開著。
ticket-device = 在你的另一台筆電上開啟 BandPro，選「樂團」和「加入」，貼上這段文字。在那之前請讓這裡的 BandPro 開著。
ticket-qr = 邀請的 QR 碼
ticket-no-qr = 邀請太長，無法做成 QR 碼。
ticket-copy-link = 複製成連結
ticket-until = 有效到 { DATETIME($when, dateStyle: "medium", timeStyle: "short") }。
ticket-trouble = 筆電找不到彼此的時候
invites-title = 開放中的邀請
invites-left = 還能用 { $count } 次。
invites-confirm = 每個人都會先問過。
invites-by = 由 { $name } 製作。
invites-revoke = 撤回
join-title = 加入
join-words = 有人傳給你一份邀請：從「bandpro-」到結尾的一段文字，或一個連結。
join-field = 貼上你收到的邀請
join-do = 加入
join-found = 「{ $space }」的邀請，有效到 { DATETIME($when, dateStyle: "medium", timeStyle: "short") }。
join-over = 「{ $space }」的這份邀請已過期，請再要一份。
join-here = 你已經在「{ $space }」裡了。
join-done = { $count ->
    [0] 你已加入「{ $space }」，裡面還沒有樂譜。
   *[other] 你已加入「{ $space }」，裡面有 { $count } 份樂譜：
}
asked-title = 你已請求加入
asked-words = 要等那邊有人同意。讓 BandPro 開著，或晚點再問一次。
asked-again = 再問一次
you-title = 你
you-words = 別人在每個樂團裡看到的你。
you-name = 你的名字
you-colour = 你的顏色
you-colour-number = 顏色 { $number }
you-save = 儲存
near-title = 附近的筆電
near-find = 同一個網路的筆電會自動找到這台
near-next-start = 下次啟動 BandPro 時生效。
relays-title = 中繼站
relays-words = 樂團不一定需要中繼站。筆電無法直接連到彼此，或從不同時開機時，它可以幫忙。它什麼都讀不到。架設的人會給你一組通行碼。
relays-none = 沒有使用中繼站。
relay-forwards = 在筆電之間轉送。
relay-keeps = 替不在的人保存改動。
relay-for = 用於{ $spaces }。
relay-pass = 中繼站通行碼，從「bandpro-relay-」到結尾
relay-add = 加入
relay-remove = 移除
relay-remove-name = 移除中繼站 { $name }
key-title = 列印的金鑰
key-words = 為筆電全都不見的那一天準備：紙上的金鑰能讓一台新筆電成為你的，在你所有的樂團裡都有效。這裡沒有帳號，也沒有別人能放你進來。
key-have = 你有 { $count } 組列印的金鑰。
key-make = 產生列印的金鑰
key-once = 只在現在顯示。印出來或抄下來，收在別人找不到的地方：拿到它的人就能變成你。
key-save = 存成檔案來列印…
key-file-kind = 文字檔
key-file-name = BandPro 列印金鑰
key-saved = 已存到 { $path }。印好之後請刪掉這個檔案。
key-done = 我收好了
recover-title = 我有列印的金鑰
recover-words = 在新筆電上輸入金鑰，再貼上樂團裡某人的邀請。如果還原了備份，只要金鑰就夠了。
recover-key = 列印的金鑰
recover-ticket = 樂團裡某人的邀請；這裡沒有樂團資料時需要
recover-do = 讓這台筆電成為我的
recovered = 這台筆電現在是你的了：{ $spaces }。
refused-title = 被拒絕的改動
refused-none = 沒有被拒絕的改動。
refused-words = 有 { $count } 個改動被拒絕，另外保存著。它們不在任何樂譜裡。
refused-of = { $name } 的 { $count } 個改動。
refused-in = 在「{ $space }」。
refused-in-score = 在「{ $title }」，{ $space }。
keys-title = 金鑰與離開
rotate-words = 新金鑰會封存之後寫的內容。移除成員時會自動更換。
rotate-do = 換新金鑰
rotate-title = 換新金鑰
rotate-what = 之後寫的都用它封存，所有成員都會拿到。以前寫的，原本讀得到的人還是讀得到。
leave-words = 這台筆電上已有的會留下。之後你寫的別人收不到，別人寫的你也收不到。
leave-do = 離開
leave-title = 離開「{ $space }」
leave-what = 它的樂譜會照現在的樣子留在這台筆電上。要回來需要新的邀請。
former-title = 以前的樂團
former-left = 你在 { DATETIME($when, dateStyle: "medium", timeStyle: "short") } 離開。
former-removed = { $name } 在 { DATETIME($when, dateStyle: "medium", timeStyle: "short") } 移除了你。
former-laptop-removed = { $name } 在 { DATETIME($when, dateStyle: "medium", timeStyle: "short") } 移除了這台筆電。
former-words = 你原本有的都留在這裡，可以閱讀、播放和複製，但不再同步。要回來需要新的邀請。
former-scores = { $count ->
    [0] 這裡沒有它的樂譜。
   *[other] 這裡有它的 { $count } 份樂譜：
}
former-forget = 忘掉這個樂團…
former-forget-title = 忘掉「{ $space }」
former-forget-what = 它不再出現在這台筆電上。只有新的邀請能讓它回來。
former-keep = 把它的樂譜複製到「{ $space }」留著
former-forget-do = 忘掉
remove-member-title = 把 { $name } 從「{ $space }」移除
remove-what = 從現在起都用新金鑰來寫，對方拿不到。
remove-keeps = 對方筆電上已有的會留在那裡，對方寫過的也留在樂譜裡。
remove-device-title = 把 { $name } 從「{ $space }」移除
remove-device-what = 從現在起它收不到任何東西。上面已有的會留著。
unsettled-title = 有兩份紀錄
unsettled-words = { $member } 的「{ $name }」已移除，它有兩份紀錄。算數的那一份還沒有傳到這裡，有它的人會傳過來。
unsettled-decide = 如果再也沒有人有那一份，擁有者可以決定以這裡的這一份為準。
unsettled-do = 以這裡的為準
unsettled-confirm = 「{ $name }」以這裡的紀錄為準？
unsettled-what = 之後所有人都以這裡所知的為準，另一份就此放棄。
remove-frozen-what = 它還原備份之後寫的都不算數；之前分享過的會留在樂譜裡。
remove-key-what = 之後沒有人能用這組列印的金鑰進來。
remove-do = 移除
share-open = 分享
share-title = 分享「{ $title }」
share-in = 在「{ $space }」
share-nowhere = 在「{ $space }」，你已不在這個樂團裡
share-own-words = 只有你自己的筆電有它。
share-invite = 邀請加入「{ $space }」
share-put = 放進另一個樂團
share-no-band = 沒有其他你能寫的樂團。
share-to-band-screen = 成立或加入樂團
share-where = 放到
share-choose = 請選擇…
share-put-words = 那個樂團裡的每個人都看得到。副本和原本之後各走各的。
share-copy = 複製
share-move = 移動
share-moved = 它現在在「{ $space }」。
share-copied = 副本現在在「{ $space }」。

## 設定。

settings-language = 語言
settings-language-system = 依照系統
settings-theme = 色彩
theme-system = 依照系統
theme-light = 淺色
theme-dark = 深色
theme-contrast = 高對比
settings-paper = 紙張
paper-white = 白色
paper-cream = 米色
paper-dark = 深色
settings-device-name = 這台筆電的名稱
settings-device-name-words = 樂團裡的其他人會看到它。

## 合併之後待決定的事。

conflicts-count = 合併之後有 { $count } 件事待決定
conflict-hand = { $name }，{ $when }
conflict-show = 顯示
